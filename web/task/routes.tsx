import type { Changed } from "@rondo/contract";
import { Problem } from "@rondo/problem";
import type { Task } from "@rondo/task";
import { type Context, Hono } from "hono";
import { isPartial, targetOf, type WebEnv } from "../asked.ts";
import { answerChange } from "../change.tsx";
import { takeFlash } from "../flash.ts";
import { readForm } from "../form.ts";
import { shorten } from "../format/names.ts";
import type { Said } from "../shell/toast.tsx";
import { loadFrame } from "../view/load.ts";
import { showNotes, showPanel } from "../view/routes.tsx";
import { addTask } from "./add.ts";
import { makeEdit, readEdit } from "./edit.ts";
import { answerConflict, answerRefusedAdd, answerRefusedEdit } from "./refused.tsx";
import { showHistory } from "./show_history.tsx";
import { TaskPage } from "./task_page.tsx";

/** One task: shown, added, edited, completed, deleted and all of it undone. Every POST is a form's. */
export function taskRoutes(): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get("/tasks/:id", showTask)
    .get("/tasks/:id/history", showHistory)
    .post("/tasks", add)
    .post("/tasks/:id", edit)
    .post("/tasks/:id/completion", (c) => act(c, "complete", (title) => ({ text: `Completed “${title}”` })))
    .post("/tasks/:id/reopening", (c) => act(c, "reopen", (title) => ({ text: `Reopened “${title}”` })))
    .post("/tasks/:id/bin", (c) => act(c, "remove", (title) => ({ text: `Deleted “${title}”` })))
    .post("/tasks/:id/restoration", (c) => act(c, "restore", (title) => ({ text: `Restored “${title}”` })))
    .post("/undo", undo);
}

async function showTask(c: Context<WebEnv>): Promise<Response> {
  const target = isPartial(c) ? (targetOf(c) ?? "") : undefined;
  if (target === "panel") return showPanel(c);
  if (target?.startsWith("notes-section-")) return showNotes(c);
  const { api, reader, here } = c.get("asked");
  const [frame, task] = await Promise.all([loadFrame(api, reader), api.tasks.get(here.task_id ?? "")]);
  return c.html(<TaskPage task={task} frame={frame} here={here} reader={reader} said={takeFlash(c)} />);
}

async function add(c: Context<WebEnv>): Promise<Response> {
  const { api, reader } = c.get("asked");
  const form = await readForm(c);
  try {
    const { value, operation_id } = await addTask(api, form, reader);
    return await answerChange(c, { said: { text: `Added “${shorten(value.title)}”`, operation_id, quiet: true } });
  } catch (error) {
    if (error instanceof Problem && error.kind === "invalid") return answerRefusedAdd(c, form, error);
    throw error;
  }
}

async function edit(c: Context<WebEnv>): Promise<Response> {
  const { api } = c.get("asked");
  const id = c.req.param("id") ?? "";
  const wanted = readEdit(await readForm(c));
  try {
    const outcome = await makeEdit(api, id, wanted);
    if (outcome.kind === "conflict") return await answerConflict(c, wanted, outcome.task);
    const { task, operation_id } = outcome;
    return await answerChange(c, { said: { text: "Saved", operation_id, quiet: true }, task });
  } catch (error) {
    if (error instanceof Problem && error.kind === "invalid") return answerRefusedEdit(c, id, wanted, error);
    throw error;
  }
}

type Verb = "complete" | "reopen" | "remove" | "restore";

async function act(c: Context<WebEnv>, verb: Verb, say: (title: string) => Said): Promise<Response> {
  const { api } = c.get("asked");
  const { value, operation_id }: Changed<Task> = await api.tasks[verb](c.req.param("id") ?? "");
  return answerChange(c, { said: { ...say(shorten(value.title)), operation_id }, task: value });
}

async function undo(c: Context<WebEnv>): Promise<Response> {
  const operation_id = (await readForm(c)).text("operation_id");
  const { tasks } = (await c.get("asked").api.undo({ operation_id })).value;
  const [task] = tasks;
  return answerChange(c, { said: { text: "Undone" }, ...(tasks.length === 1 && task && { task }) });
}
