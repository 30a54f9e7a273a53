import { formCheck, projectContract } from "@rondo/contract";
import { Problem } from "@rondo/problem";
import { type Color, colors } from "@rondo/task";
import { type Context, Hono } from "hono";
import type { WebEnv } from "../asked.ts";
import { setFlash, takeFlash } from "../flash.ts";
import { readForm } from "../form.ts";
import { shorten } from "../format/names.ts";
import { sayErrors } from "../task/refused.tsx";
import { loadFrame } from "../view/load.ts";
import { projectPath } from "../view/view.ts";
import { EditPage } from "./edit_page.tsx";
import { ProjectsPage, type ProjectsPageProps } from "./projects_page.tsx";

/** Projects: listed, created, changed, archived and brought back. The list of one project is a view (view/routes.tsx). */
export function projectRoutes(): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get("/projects", (c) => showProjects(c))
    .post("/projects", create)
    .post("/projects/:id", change)
    .post("/projects/:id/archive", archive);
}

async function showProjects(c: Context<WebEnv>, refused?: ProjectsPageProps["refused"]): Promise<Response> {
  const { api, reader } = c.get("asked");
  const [frame, archived] = await Promise.all([loadFrame(api, reader), api.projects.list({ archived: true })]);
  const put = archived.items.filter((project) => project.archived_at !== null);
  const page = <ProjectsPage frame={frame} archived={put} reader={reader} said={takeFlash(c)} refused={refused} />;
  return c.html(page, refused ? 422 : 200);
}

async function create(c: Context<WebEnv>): Promise<Response> {
  const { name, color } = await readProject(c);
  try {
    const { value } = await c.get("asked").api.projects.create(checkNew({ name, color }));
    return c.redirect(projectPath(value), 303);
  } catch (error) {
    if (error instanceof Problem && error.kind === "invalid")
      return showProjects(c, { name, color, error: sayErrors(error) });
    throw error;
  }
}

/** A stale or refused change shows what was typed beside what is there. */
async function change(c: Context<WebEnv>): Promise<Response> {
  const { api, reader } = c.get("asked");
  const id = c.req.param("id") ?? "";
  const { name, color, version } = await readProject(c);
  try {
    const { value, operation_id } = await api.projects.patch(id, checkPatch({ name, color }), { version });
    setFlash(c, { text: `Saved “${shorten(value.name)}”`, operation_id });
    return c.redirect(projectPath(value), 303);
  } catch (error) {
    if (!(error instanceof Problem) || (error.kind !== "invalid" && error.kind !== "stale")) throw error;
    const [frame, project] = await Promise.all([loadFrame(api, reader), api.projects.get(id)]);
    const typed = { name, color, error: error.kind === "stale" ? undefined : sayErrors(error) };
    return c.html(
      <EditPage frame={frame} reader={reader} project={project} typed={typed} />,
      error.kind === "stale" ? 412 : 422,
    );
  }
}

async function archive(c: Context<WebEnv>): Promise<Response> {
  const archived = (await readForm(c)).text("archived") === "1";
  const { value, operation_id } = await c.get("asked").api.projects.patch(c.req.param("id") ?? "", { archived });
  setFlash(c, { text: `${archived ? "Archived" : "Brought back"} “${shorten(value.name)}”`, operation_id });
  return c.redirect(archived ? "/projects" : projectPath(value), 303);
}

const checkNew = formCheck(projectContract.create);
const checkPatch = formCheck(projectContract.patch);

/** A colour that is none of ours can only be invented, so the first one stands for it. */
async function readProject(c: Context<WebEnv>): Promise<{ name: string; color: Color; version: number | undefined }> {
  const { text, version } = await readForm(c);
  return { name: text("name"), color: colors.find((color) => color === text("color")) ?? "gray", version };
}
