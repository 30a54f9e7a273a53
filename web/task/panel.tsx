import type { Project, Task } from "@rondo/task";
import { inSentence, sayInstant } from "../format/dates.ts";
import type { Reader } from "../format/reader.ts";
import { actBoost, goBoost, panelBoost } from "../shell/boost.ts";
import { Icon } from "../shell/icon.tsx";
import { Check } from "../view/row.tsx";
import { type Here, hrefOf, projectPath } from "../view/view.ts";
import { DueField } from "./due.tsx";
import type { Field } from "./fields.ts";
import { Notes } from "./notes.tsx";
import { PriorityField } from "./priority.tsx";
import { ProjectField } from "./project_field.tsx";
import type { Refused } from "./task_page.tsx";
import { Title } from "./title.tsx";

export interface PanelProps {
  readonly task: Task;
  readonly projects: readonly Project[];
  readonly here: Here;
  readonly reader: Reader;
  /** An edit that was not made; only where the answer is a page. */
  readonly refused?: Refused | undefined;
}

/** Beside the list, there is always a panel, so that what opens has a place to come into. */
export const EmptyPanel = () => <section id="panel" class="panel" aria-label="Task" hidden />;

/** One task, everything of it editable where it stands. */
export const Panel = ({ task, projects, here, reader, refused }: PanelProps) => (
  <section id="panel" class="panel" aria-label="Task" data-live={hrefOf({ ...here, task_id: task.id, editing: false })}>
    <article
      id={`panel-${task.id}`}
      class="task"
      tabindex={-1}
      aria-labelledby={`title-input-${task.id}`}
      data-id={task.id}
    >
      <header class="panel-head">
        <ProjectField task={task} projects={projects} error={errorOf(refused, "project")} />
        <form method="post" hx-boost={actBoost} class="panel-acts">
          {task.deleted_at === null ? (
            <button
              type="submit"
              class="quiet square"
              formaction={`/tasks/${task.id}/bin`}
              aria-label="Delete this task"
              data-deletes
            >
              <Icon name="trash-2" />
            </button>
          ) : (
            <button type="submit" class="button" formaction={`/tasks/${task.id}/restoration`}>
              <Icon name="rotate-ccw" />
              Restore
            </button>
          )}
        </form>
        <Close task={task} here={here} projects={projects} />
      </header>
      {task.deleted_at !== null && <p class="banner">In the bin</p>}
      <div class="task-head">
        <form method="post" hx-boost={actBoost}>
          <Check task={task} />
        </form>
        <Title task={task} typed={typedOf(refused, "title")?.title} error={errorOf(refused, "title")} />
      </div>
      <DueField task={task} reader={reader} typed={typedOf(refused, "due")} error={errorOf(refused, "due")} />
      <PriorityField task={task} error={errorOf(refused, "priority")} />
      <Notes
        task={task}
        {...notesPlaces(here, task)}
        editing={here.editing}
        typed={typedOf(refused, "notes")?.notes}
        error={errorOf(refused, "notes")}
      />
      <History task={task} />
      <Origin task={task} reader={reader} />
    </article>
  </section>
);

const errorOf = (refused: Refused | undefined, field: Field) => (refused?.field === field ? refused.error : undefined);
const typedOf = (refused: Refused | undefined, field: Field) => (refused?.field === field ? refused.typed : undefined);

export function notesPlaces(here: Here, task: Pick<Task, "id">): { href: string; editHref: string } {
  const there = { ...here, task_id: task.id };
  return { href: hrefOf(there, { editing: false }), editHref: hrefOf(there, { editing: true }) };
}

const Close = ({ task, here, projects }: Omit<PanelProps, "reader">) => {
  const project = projects.find((one) => one.id === task.project_id);
  const beside = here.view !== undefined;
  const href = beside
    ? hrefOf(here, { task_id: undefined, editing: false })
    : project
      ? projectPath(project)
      : "/inbox";
  return (
    <a
      class="quiet square"
      href={href}
      hx-boost={beside ? panelBoost : goBoost}
      data-closes-panel
      aria-label="Close the task"
    >
      <Icon name="x" />
    </a>
  );
};

/** Its content comes when it is opened (the script says `history` then) and stays through a refresh of the panel. Without JavaScript, the heading leads to a page. */
const History = ({ task }: { task: Task }) => (
  <details
    id={`history-${task.id}`}
    class="history"
    hx-get={`/tasks/${task.id}/history`}
    hx-trigger="history"
    hx-target="find .history-body"
    hx-swap="innerHTML"
  >
    <summary>
      <Icon name="history" />
      History
    </summary>
    <div class="history-body" hx-morph-skip-children="">
      <a href={`/tasks/${task.id}/history`}>Show the history</a>
    </div>
  </details>
);

const Origin = ({ task, reader }: { task: Task; reader: Reader }) => {
  const created = sayInstant(task.created_at, reader);
  const completed = task.completed_at === null ? undefined : sayInstant(task.completed_at, reader);
  return (
    <p class="origin">
      Added{" "}
      <time datetime={created.exact} title={created.title}>
        {inSentence(created.text)}
      </time>
      {completed && (
        <>
          {" · completed "}
          <time datetime={completed.exact} title={completed.title}>
            {inSentence(completed.text)}
          </time>
        </>
      )}
    </p>
  );
};
