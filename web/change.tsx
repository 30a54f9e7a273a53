import { Problem } from "@rondo/problem";
import type { Task } from "@rondo/task";
import type { Context } from "hono";
import { type Asked, isPartial, pageOf, type WebEnv } from "./asked.ts";
import { setFlash } from "./flash.ts";
import { safeNext } from "./next.ts";
import { SideBar } from "./shell/nav.tsx";
import { type Said, SaidPartial } from "./shell/toast.tsx";
import { EmptyPanel, Panel } from "./task/panel.tsx";
import { Head } from "./view/head.tsx";
import { List } from "./view/list.tsx";
import { type Frame, type ListData, loadFrame, loadList } from "./view/load.ts";
import { hrefOf, viewPath } from "./view/view.ts";

export interface Change {
  readonly said: Said;
  /** The task as the change left it, when it was one. */
  readonly task?: Task;
}

/**
 * The one answer to every change: whatever of the page it touches comes anew, each under its own id, and what was done is said.
 * A plain form is sent back to the page it came from.
 */
export async function answerChange(c: Context<WebEnv>, { said, task }: Change): Promise<Response> {
  const { api, reader, here } = c.get("asked");
  if (!isPartial(c)) {
    if (!said.quiet) setFlash(c, said);
    return c.redirect(backTo(c), 303);
  }
  if (here.view === undefined && here.task_id === undefined) return answerWithReload(c, said);
  const [frame, list, shown] = await Promise.all([
    loadFrame(api, reader),
    here.view && loadList(api, here, here.view, reader).catch(ignoreMissing),
    here.task_id === undefined
      ? undefined
      : task?.id === here.task_id
        ? task
        : api.tasks.get(here.task_id).catch(ignoreMissing),
  ]);
  const closes =
    here.view !== undefined && here.task_id !== undefined && (!shown || closesPanel(shown, c.get("asked")));
  if (closes) c.header("HX-Replace-Url", hrefOf(here, { task_id: undefined, editing: false }));
  const at = here.view ? viewPath(here.view) : "";
  return c.html(
    <>
      <SaidPartial said={said} />
      <ListParts list={list} frame={frame} reader={reader} at={at} />
      {here.task_id !== undefined && (
        <hx-partial hx-target="#panel" hx-swap="outerMorph">
          {shown && !closes ? (
            <Panel task={shown} projects={frame.projects} here={here} reader={reader} />
          ) : (
            <EmptyPanel />
          )}
        </hx-partial>
      )}
    </>,
  );
}

/** A page that is neither a list nor a task comes anew as a whole. */
function answerWithReload(c: Context<WebEnv>, said: Said): Response {
  setFlash(c, said);
  c.header("HX-Refresh", "true");
  return c.body(null, 204);
}

/** The page that a plain form came from, its editor closed. */
function backTo(c: Context<WebEnv>): string {
  const { here } = c.get("asked");
  if (here.view || here.task_id !== undefined) return hrefOf(here, { editing: false });
  return safeNext(pageOf(c).pathname);
}

/** A list with what is around it that changes with it. */
export const ListParts = (props: { list: ListData | undefined; frame: Frame; reader: Asked["reader"]; at: string }) => {
  const { list, frame, reader, at } = props;
  return (
    <>
      <hx-partial hx-target="#nav" hx-swap="outerMorph">
        <SideBar frame={frame} at={at} reader={reader} />
      </hx-partial>
      {list && (
        <>
          <hx-partial hx-target="#head" hx-swap="outerMorph">
            <Head list={list} reader={reader} />
          </hx-partial>
          <hx-partial hx-target="#list" hx-swap="outerMorph">
            <List list={list} projects={frame.projects} reader={reader} />
          </hx-partial>
        </>
      )}
    </>
  );
};

/** A task that went into the bin leaves the panel too, except beside the bin itself. */
function closesPanel(task: Task, { here }: Asked): boolean {
  return task.deleted_at !== null && here.view?.kind !== "bin";
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Problem && error.kind === "not_found") return undefined;
  throw error;
}
