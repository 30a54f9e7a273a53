import type { Project } from "@rondo/task";
import { type Reader, todayOf } from "../format/reader.ts";
import { actBoost, inherited, listBoost, panelBoost } from "../shell/boost.ts";
import { Empty } from "./empty.tsx";
import type { Group, ListData } from "./load.ts";
import { Row } from "./row.tsx";
import { hrefOf } from "./view.ts";

export interface ListProps {
  readonly list: ListData;
  readonly projects: readonly Project[];
  readonly reader: Reader;
}

const groupNames: Readonly<Record<Group["key"], string | undefined>> = {
  open: undefined,
  overdue: "Overdue",
  today: "Today",
  completed: "Completed",
  deleted: undefined,
};

/** The tasks of a view: in the page, in the answer to a change, and after a live event, always by this id. */
export const List = ({ list, projects, reader }: ListProps) => {
  const { here, view, groups } = list;
  const count = groups.reduce((sum, group) => sum + group.tasks.length, 0);
  return (
    <section
      id="list"
      class="list"
      aria-label="Tasks"
      data-live={hrefOf(here, { task_id: undefined, editing: false })}
      data-project={list.project?.id}
      {...inherited(panelBoost)}
      {...{ "hx-sync:inherited": "#panel:replace" }}
    >
      {count === 0 ? <Empty view={view} reader={reader} /> : <Rows list={list} projects={projects} reader={reader} />}
      <p class="list-foot">
        {list.more && (
          <a class="button" href={hrefOf(here, { ...list.more, task_id: undefined })} hx-boost={listBoost}>
            Show more
          </a>
        )}
        {(view.kind === "inbox" || view.kind === "project") && (
          <a class="quiet" href={hrefOf(here, { completed: !here.completed, task_id: undefined })} hx-boost={listBoost}>
            {here.completed ? "Hide completed" : "Show completed"}
          </a>
        )}
      </p>
    </section>
  );
};

const Rows = ({ list, projects, reader }: ListProps) => {
  const groups = list.groups
    .filter((group) => group.tasks.length > 0)
    .map((group) => <RowGroup group={group} list={list} projects={projects} reader={reader} />);
  if (!reader.may("tasks.change")) return <div>{groups}</div>;
  return (
    <form method="post" hx-boost={actBoost} hx-sync="this:queue all">
      {groups}
    </form>
  );
};

const RowGroup = ({ group, list, projects, reader }: ListProps & { group: Group }) => {
  const name = groupNames[group.key];
  const mixed = list.project === undefined;
  return (
    <div class="group" data-group={group.key}>
      {name !== undefined && (
        <h2 class="group-head" id={`group-${group.key}`}>
          {name} <span class="count">{group.tasks.length}</span>
        </h2>
      )}
      <ul id={`rows-${group.key}`} aria-labelledby={name === undefined ? undefined : `group-${group.key}`}>
        {group.tasks.map((task) => (
          <Row
            task={task}
            here={list.here}
            reader={reader}
            day={group.key === "today" ? todayOf(reader).toString() : undefined}
            project={mixed ? projects.find((project) => project.id === task.project_id) : undefined}
          />
        ))}
      </ul>
    </div>
  );
};
