import type { Project, Task } from "@rondo/task";
import { inSentence, sayInstant } from "../format/dates.ts";
import type { Reader } from "../format/reader.ts";
import { goBoost, panelBoost } from "../shell/boost.ts";
import { Icon } from "../shell/icon.tsx";
import { type Here, hrefOf, projectPath } from "../view/view.ts";
import { Edit } from "./edit_fields.tsx";
import { Read, readTitleId } from "./read.tsx";
import type { Refused } from "./task_page.tsx";

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

/** One task: everything of it editable where it stands, or for who may only look, everything to be read. */
export const Panel = (props: PanelProps) => {
  const { task, here, reader } = props;
  const edits = reader.may("tasks.change");
  const close = <Close {...props} />;
  return (
    <section
      id="panel"
      class="panel"
      aria-label="Task"
      data-live={hrefOf({ ...here, task_id: task.id, editing: false })}
    >
      <article
        id={`panel-${task.id}`}
        class="task"
        tabindex={-1}
        aria-labelledby={edits ? `title-input-${task.id}` : readTitleId(task)}
        data-id={task.id}
      >
        {edits ? <Edit {...props} close={close} /> : <Read {...props} close={close} />}
        <History task={task} />
        <Origin task={task} reader={reader} />
      </article>
    </section>
  );
};

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
