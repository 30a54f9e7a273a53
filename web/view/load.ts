import type { Api } from "@rondo/client";
import { notFound } from "@rondo/problem";
import type { Project, Task } from "@rondo/task";
import { dueDayOf, sayDue } from "../format/dates.ts";
import { type Reader, todayOf } from "../format/reader.ts";
import { type Here, inboxOf, pageMost, pageStep, type View } from "./view.ts";

/** A count goes so far; what is more is said as "99+". */
export const countMost = 100;

/** What every page shows around its content. */
export interface Frame {
  readonly projects: readonly Project[];
  readonly inbox_count: number;
  readonly today_count: number;
}

export interface Group {
  readonly key: "open" | "overdue" | "today" | "completed" | "deleted";
  readonly tasks: readonly Task[];
}

export interface ListData {
  readonly here: Here;
  readonly view: View;
  /** The project of an Inbox or project view. */
  readonly project: Project | undefined;
  readonly groups: readonly Group[];
  /** Where more of the list is. */
  readonly more: Partial<Here> | undefined;
}

export async function loadFrame(api: Api, reader: Reader): Promise<Frame> {
  const today = loadToday(api, reader);
  const projects = await api.projects.list({ archived: false });
  const inbox = inboxOf(projects.items);
  const [counted, due] = await Promise.all([
    inbox ? api.tasks.list({ project: inbox.id, limit: countMost }) : undefined,
    today,
  ]);
  return { projects: projects.items, inbox_count: counted?.items.length ?? 0, today_count: due.length };
}

/** @throws Problem `not_found` for a project that is not there. */
export async function loadList(api: Api, here: Here, view: View, reader: Reader): Promise<ListData> {
  if (view.kind === "today") {
    const due = await loadToday(api, reader);
    const isLate = (task: Task) => sayDue(task, reader)?.nearness === "late";
    const groups = [
      { key: "overdue" as const, tasks: due.filter(isLate) },
      { key: "today" as const, tasks: due.filter((task) => !isLate(task)) },
    ];
    return { here, view, project: undefined, groups: groups.filter(({ tasks }) => tasks.length > 0), more: undefined };
  }
  if (view.kind === "bin") {
    const { limit, cursor } = here;
    const page = await api.tasks.list({ status: "deleted", sort: "updated_at", order: "desc", limit, cursor });
    const groups = [{ key: "deleted" as const, tasks: page.items }];
    return { here, view, project: undefined, groups, more: moreOf(here, page.next_cursor) };
  }
  return loadProjectList(api, here, view, await findProject(api, view));
}

async function findProject(api: Api, view: View): Promise<Project> {
  if (view.kind === "project") return api.projects.get(view.id);
  const inbox = inboxOf((await api.projects.list()).items);
  if (!inbox) throw notFound();
  return inbox;
}

/** Newest first: what was just added appears beneath the form that added it. */
async function loadProjectList(api: Api, here: Here, view: View, project: Project): Promise<ListData> {
  const { limit, cursor } = here;
  const [open, completed] = await Promise.all([
    api.tasks.list({ project: project.id, sort: "position", order: "desc", limit, cursor }),
    here.completed
      ? api.tasks.list({ project: project.id, status: "completed", sort: "updated_at", order: "desc", limit: pageStep })
      : undefined,
  ]);
  const groups: Group[] = [{ key: "open", tasks: open.items }];
  if (completed) groups.push({ key: "completed", tasks: completed.items });
  return { here, view, project, groups: withoutOlder(groups), more: moreOf(here, open.next_cursor) };
}

/** The lists were asked for side by side: a task that was completed or reopened in between is in both, and stays where it is newer. */
export function withoutOlder(groups: readonly Group[]): readonly Group[] {
  const newest = new Map<string, number>();
  for (const { id, version } of groups.flatMap(({ tasks }) => tasks)) {
    newest.set(id, Math.max(version, newest.get(id) ?? 0));
  }
  return groups.map(({ key, tasks }) => ({
    key,
    tasks: tasks.filter(({ id, version }) => version === newest.get(id)),
  }));
}

function moreOf(here: Here, next: string | null): Partial<Here> | undefined {
  if (next === null) return undefined;
  if (here.limit < pageMost && here.cursor === undefined) return { limit: Math.min(here.limit + pageStep, pageMost) };
  return { cursor: next };
}

/** Due today or before, where the reader is. A time in another zone can be a day off, hence the wider question. */
async function loadToday(api: Api, reader: Reader): Promise<readonly Task[]> {
  const today = todayOf(reader);
  const due_before = today.add({ days: 2 }).toString();
  const page = await api.tasks.list({ due_before, sort: "due_date", order: "asc", limit: pageMost });
  return page.items.filter((task) => {
    const day = dueDayOf(task, reader);
    return day !== undefined && Temporal.PlainDate.compare(day, today) <= 0;
  });
}
