import type { Project, Task } from "@rondo/task";
import { sayDue } from "../format/dates.ts";
import { priorityNames } from "../format/names.ts";
import type { Reader } from "../format/reader.ts";
import { FieldForm } from "./field_form.tsx";
import type { Field } from "./fields.ts";

export interface ConflictProps {
  /** As it is now. */
  readonly task: Task;
  readonly field: Field;
  /** The inputs of the refused edit. */
  readonly typed: Readonly<Record<string, string>>;
  readonly projects: readonly Project[];
  readonly reader: Reader;
  /** Where the task is shown as it is now. */
  readonly href: string;
  readonly boost: string;
}

const names: Readonly<Record<Field, string>> = {
  title: "title",
  notes: "notes",
  priority: "priority",
  due: "due date",
  project: "project",
};

/** A stale edit: both texts side by side, and neither goes away before a person says so. */
export const Conflict = (props: ConflictProps) => {
  const { task, field, typed, href, boost } = props;
  return (
    <FieldForm task={task} field={field} trigger="submit" open>
      <div class="conflict" role="alert">
        <p>This {names[field]} was changed elsewhere while you edited it.</p>
        <div class="conflict-sides">
          <div>
            <h2 id={`mine-${field}-${task.id}`}>Yours</h2>
            {field === "title" || field === "notes" ? (
              <textarea
                name={field}
                rows={field === "notes" ? 6 : 2}
                required={field === "title"}
                aria-labelledby={`mine-${field}-${task.id}`}
              >
                {`\n${typed[field] ?? ""}`}
              </textarea>
            ) : (
              <>
                <p class="conflict-text">{sayTyped(props)}</p>
                {Object.entries(typed).map(([name, value]) => (
                  <input type="hidden" name={name} value={value} />
                ))}
              </>
            )}
          </div>
          <div>
            <h2>Saved now</h2>
            <p class="conflict-text">{sayField(props, task)}</p>
          </div>
        </div>
        <div class="actions">
          <button type="submit" class="primary">
            Save yours
          </button>
          <a class="button" href={href} hx-boost={boost} data-cancels>
            Keep what is saved
          </a>
        </div>
      </div>
    </FieldForm>
  );
};

function sayField({ field, projects, reader }: ConflictProps, task: Task): string {
  if (field === "priority") return priorityNames[task.priority];
  if (field === "due") return sayDue(task, reader)?.text ?? "No date";
  if (field === "project") return projects.find((project) => project.id === task.project_id)?.name ?? "Another project";
  return task[field];
}

function sayTyped({ field, typed, projects, reader, task }: ConflictProps): string {
  if (field === "project") return projects.find((project) => project.id === typed.project)?.name ?? "Another project";
  if (field === "due") {
    const day = sayDue({ ...task, due_date: typed.due_date || null, due_time: null, due_at: null }, reader);
    return [day?.text ?? "No date", typed.due_time].filter(Boolean).join(" ");
  }
  return Object.entries(priorityNames).find(([priority]) => priority === typed.priority)?.[1] ?? "";
}
