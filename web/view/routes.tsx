import type { Context } from "hono";
import { Hono } from "hono";
import { isPartial, targetOf, type WebEnv } from "../asked.ts";
import { ListParts } from "../change.tsx";
import { takeFlash } from "../flash.ts";
import { Notes, notesPlaces } from "../task/notes.tsx";
import { EmptyPanel, Panel } from "../task/panel.tsx";
import { ListPage } from "./list_page.tsx";
import { loadFrame, loadList } from "./load.ts";
import { type View, viewPath } from "./view.ts";

/** The pages of the lists. One URL gives the page, its list, or the panel beside it, by what htmx says it is for. */
export function viewRoutes(): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get("/", (c) => c.redirect("/inbox"))
    .get("/inbox", (c) => showView(c, { kind: "inbox" }))
    .get("/today", (c) => showView(c, { kind: "today" }))
    .get("/bin", (c) => showView(c, { kind: "bin" }))
    .get("/projects/:id", (c) => showView(c, { kind: "project", id: c.req.param("id") }));
}

async function showView(c: Context<WebEnv>, view: View): Promise<Response> {
  const target = isPartial(c) ? (targetOf(c) ?? "") : undefined;
  if (target === "panel") return showPanel(c);
  if (target?.startsWith("notes-section-")) return showNotes(c);
  return target === "list" ? showList(c, view) : showPage(c, view);
}

async function showPage(c: Context<WebEnv>, view: View): Promise<Response> {
  const { api, reader, here } = c.get("asked");
  const [frame, list, task] = await Promise.all([
    loadFrame(api, reader),
    loadList(api, here, view, reader),
    here.task_id === undefined ? undefined : api.tasks.get(here.task_id),
  ]);
  const panel = task ? <Panel task={task} projects={frame.projects} here={here} reader={reader} /> : <EmptyPanel />;
  return c.html(<ListPage list={list} frame={frame} reader={reader} said={takeFlash(c)} panel={panel} />);
}

async function showList(c: Context<WebEnv>, view: View): Promise<Response> {
  const { api, reader, here } = c.get("asked");
  const [frame, list] = await Promise.all([loadFrame(api, reader), loadList(api, here, view, reader)]);
  return c.html(<ListParts list={list} frame={frame} reader={reader} at={viewPath(view)} />);
}

export async function showPanel(c: Context<WebEnv>): Promise<Response> {
  const { api, reader, here } = c.get("asked");
  if (here.task_id === undefined) return c.html(<EmptyPanel />);
  const [task, projects] = await Promise.all([api.tasks.get(here.task_id), api.projects.list({ archived: false })]);
  return c.html(<Panel task={task} projects={projects.items} here={here} reader={reader} />);
}

export async function showNotes(c: Context<WebEnv>): Promise<Response> {
  const { api, reader, here } = c.get("asked");
  const task = await api.tasks.get(here.task_id ?? "");
  return c.html(<Notes task={task} reader={reader} {...notesPlaces(here, task)} editing={here.editing} />);
}
