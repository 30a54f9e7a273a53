import type { Project, Task } from "@rondo/task";
import { sayDue } from "../format/dates.ts";
import { firstLine, priorityNames } from "../format/names.ts";
import type { Reader } from "../format/reader.ts";
import { Icon } from "../shell/icon.tsx";
import { type Here, hrefOf } from "./view.ts";

export interface RowProps {
  readonly task: Task;
  readonly here: Here;
  readonly reader: Reader;
  /** Named on the row where the list has tasks of several projects. */
  readonly project?: Project | undefined;
  /** The day on which a date alone needs no telling, because the group says it. */
  readonly day?: string | undefined;
}

/**
 * One task in a list. Its buttons belong to the form around the list and say by `formaction` what they do, so a row carries no
 * attribute of htmx and works without JavaScript.
 */
export const Row = ({ task, here, reader, project, day }: RowProps) => (
  <li
    id={`task-${task.id}`}
    class="row"
    data-id={task.id}
    data-priority={task.priority}
    data-done={task.completed_at ? "" : undefined}
  >
    {!reader.may("tasks.change") ? (
      <Mark task={task} />
    ) : task.deleted_at === null ? (
      <Check task={task} />
    ) : (
      <Restore task={task} />
    )}
    <div class="row-text">
      <a class="row-title" dir="auto" href={hrefOf(here, { task_id: task.id })}>
        {task.title}
      </a>
      <Meta task={task} reader={reader} project={project} day={day} />
    </div>
    {reader.may("tasks.change") && task.deleted_at === null && (
      <button
        type="submit"
        class="quiet square row-delete"
        formaction={`/tasks/${task.id}/bin`}
        aria-label={`Delete ${task.title}`}
      >
        <Icon name="trash-2" />
      </button>
    )}
  </li>
);

/** The circle. Its ring tells the priority by colour and by form. */
export const Check = ({ task }: { task: Pick<Task, "id" | "title" | "completed_at" | "priority"> }) => {
  const done = task.completed_at !== null;
  return (
    <button
      type="submit"
      class="check"
      formaction={`/tasks/${task.id}/${done ? "reopening" : "completion"}`}
      data-priority={task.priority}
      data-done={done ? "" : undefined}
      aria-label={`${done ? "Reopen" : "Complete"} ${task.title}`}
    >
      <Icon name={done ? "ring-done" : `ring-${task.priority}`} class="ring" />
      <Icon name={done ? `ring-${task.priority}` : "ring-done"} class="ring-next" />
    </button>
  );
};

/** The same circle for who may only look: it says what the task is, and cannot be pressed. */
export const Mark = ({ task }: { task: Pick<Task, "completed_at" | "priority"> }) => (
  <span class="check" data-priority={task.priority} data-done={task.completed_at === null ? undefined : ""}>
    <Icon name={task.completed_at === null ? `ring-${task.priority}` : "ring-done"} class="ring" />
    {task.completed_at !== null && <span class="only-read">Completed.</span>}
  </span>
);

const Restore = ({ task }: { task: Task }) => (
  <button
    type="submit"
    class="quiet square"
    formaction={`/tasks/${task.id}/restoration`}
    aria-label={`Restore ${task.title}`}
  >
    <Icon name="rotate-ccw" />
  </button>
);

const Meta = ({ task, reader, project, day }: Omit<RowProps, "here">) => {
  const due = task.due_time === null && task.due_date === day ? undefined : sayDue(task, reader);
  const other = project !== undefined && !project.is_inbox ? project : undefined;
  if (!due && !other && task.notes === "" && task.priority === "none") return null;
  return (
    <p class="meta">
      {task.priority !== "none" && <span class="only-read">{priorityNames[task.priority]} priority.</span>}
      {due && (
        <time
          class="due"
          datetime={due.exact}
          title={due.title}
          data-nearness={task.completed_at ? undefined : due.nearness}
        >
          <Icon name="calendar" />
          {due.text}
        </time>
      )}
      {task.notes !== "" && (
        <span class="has-notes">
          <Icon name="text" />
          <span class="only-read">Notes: </span>
          <span>{firstLine(task.notes)}</span>
        </span>
      )}
      {other && (
        <span class="in-project">
          <span class="dot" data-color={other.color} />
          {other.name}
        </span>
      )}
    </p>
  );
};
