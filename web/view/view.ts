import type { Project } from "@rondo/task";

/** The lists that a page can show. */
export type View =
  | { readonly kind: "inbox" }
  | { readonly kind: "today" }
  | { readonly kind: "bin" }
  | { readonly kind: "project"; readonly id: string };

/** What a URL shows: a list, a task beside it or alone, how much of the list. */
export interface Here {
  readonly view: View | undefined;
  readonly task_id: string | undefined;
  /** The task has the page to itself. */
  readonly alone: boolean;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly completed: boolean;
  /** The notes of the task are open for editing. */
  readonly editing: boolean;
}

/** Tasks in one step of "Show more", and at most in one page (what the api gives at once). */
export const pageStep = 50;
export const pageMost = 200;

export function parseHere(url: URL): Here {
  const [, first = "", second] = url.pathname.split("/");
  const alone = first === "tasks" && second !== undefined;
  const wanted = Number(url.searchParams.get("limit") ?? pageStep);
  return {
    view: parseView(first, second),
    task_id: alone ? second : (url.searchParams.get("task") ?? undefined),
    alone,
    limit: Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), pageMost) : pageStep,
    cursor: url.searchParams.get("cursor") ?? undefined,
    completed: url.searchParams.get("completed") === "1",
    editing: url.searchParams.get("edit") === "notes",
  };
}

function parseView(first: string, second: string | undefined): View | undefined {
  if (first === "projects" && second !== undefined) return { kind: "project", id: second };
  return second === undefined && (first === "inbox" || first === "today" || first === "bin")
    ? { kind: first }
    : undefined;
}

export function viewPath(view: View): string {
  return view.kind === "project" ? `/projects/${encodeURIComponent(view.id)}` : `/${view.kind}`;
}

/** The URL of what is shown here, with some of it changed. */
export function hrefOf(here: Here, changes: Partial<Here> = {}): string {
  const there = { ...here, ...changes };
  const path = there.view === undefined ? `/tasks/${encodeURIComponent(there.task_id ?? "")}` : viewPath(there.view);
  const query = new URLSearchParams();
  if (there.limit !== pageStep) query.set("limit", String(there.limit));
  if (there.cursor !== undefined) query.set("cursor", there.cursor);
  if (there.completed) query.set("completed", "1");
  if (there.view !== undefined && there.task_id !== undefined) query.set("task", there.task_id);
  if (there.editing) query.set("edit", "notes");
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

export function inboxOf(projects: readonly Project[]): Project | undefined {
  return projects.find((project) => project.is_inbox);
}

/** Where a project's tasks are listed: the Inbox has a path of its own. */
export function projectPath(project: Project): string {
  return project.is_inbox ? "/inbox" : viewPath({ kind: "project", id: project.id });
}
