import type { Project, Task } from "@rondo/task";
import type { Child } from "hono/jsx";
import { sayDue } from "../format/dates.ts";
import { priorityNames } from "../format/names.ts";
import type { Reader } from "../format/reader.ts";
import { Mark } from "../view/row.tsx";
import type { Here } from "../view/view.ts";
import { Notes, notesPlaces } from "./notes.tsx";

export interface ReadProps {
  readonly task: Task;
  readonly projects: readonly Project[];
  readonly here: Here;
  readonly reader: Reader;
  /** What closes the panel. */
  readonly close: Child;
}

export const readTitleId = (task: Pick<Task, "id">) => `title-${task.id}`;

/** A task as text, for who may not change it. */
export const Read = ({ task, projects, here, reader, close }: ReadProps) => {
  const project = projects.find((one) => one.id === task.project_id);
  const due = sayDue(task, reader);
  return (
    <>
      <header class="panel-head">
        <p class="field">
          <span class="dot" data-color={project?.color ?? "gray"} />
          {project?.name ?? "Archived project"}
        </p>
        {close}
      </header>
      {task.deleted_at !== null && <p class="banner">In the bin</p>}
      <div class="task-head">
        <Mark task={task} />
        <h2 id={readTitleId(task)} class="title-read" dir="auto">
          {task.title}
        </h2>
      </div>
      {due && (
        <p class="field">
          Due{" "}
          <time class="due" datetime={due.exact} title={due.title}>
            {due.text}
          </time>
        </p>
      )}
      {task.priority !== "none" && <p class="field">{priorityNames[task.priority]} priority</p>}
      {task.notes !== "" && <Notes task={task} reader={reader} {...notesPlaces(here, task)} />}
    </>
  );
};
