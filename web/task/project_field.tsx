import type { Project, Task } from "@rondo/task";
import { FieldForm } from "./field_form.tsx";

/** Moves the task. An archived project that still holds it stays named. */
export const ProjectField = ({
  task,
  projects,
  error,
}: {
  task: Task;
  projects: readonly Project[];
  error?: string | undefined;
}) => {
  const here = projects.find((project) => project.id === task.project_id);
  return (
    <FieldForm task={task} field="project" error={error}>
      <label class="only-read" for={`project-input-${task.id}`}>
        Project
      </label>
      <span class="dot" data-color={here?.color ?? "gray"} />
      <select id={`project-input-${task.id}`} name="project">
        {!here && (
          <option value={task.project_id} selected>
            Archived project
          </option>
        )}
        {projects.map((project) => (
          <option value={project.id} selected={project.id === task.project_id}>
            {project.name}
          </option>
        ))}
      </select>
    </FieldForm>
  );
};
