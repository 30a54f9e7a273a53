import type { Problem } from "@rondo/problem";
import type { Task } from "@rondo/task";
import type { Context } from "hono";
import { isPartial, type WebEnv } from "../asked.ts";
import type { Form } from "../form.ts";
import { notesBoost, panelBoost } from "../shell/boost.ts";
import { Page } from "../shell/page.tsx";
import { ListPage } from "../view/list_page.tsx";
import { loadFrame, loadList } from "../view/load.ts";
import { hrefOf } from "../view/view.ts";
import { Conflict } from "./conflict.tsx";
import type { Edit } from "./edit.ts";
import { errorId } from "./field_form.tsx";
import { notesPlaces } from "./notes.tsx";
import { EmptyPanel } from "./panel.tsx";
import { TaskPage } from "./task_page.tsx";

/** What is wrong with a field, in a sentence for the person who typed it. */
export function sayErrors(problem: Problem): string {
  const details = problem.errors.map(({ detail }) => detail);
  return details.length === 0 ? problem.detail : details.join(" ");
}

/** An error goes to its field; what was typed is still in it. */
const ErrorPartial = ({ id, text }: { id: string; text: string }) => (
  <hx-partial hx-target={`#${id}`} hx-swap="textContent">
    {text}
  </hx-partial>
);

export async function answerRefusedAdd(c: Context<WebEnv>, form: Form, problem: Problem): Promise<Response> {
  const error = sayErrors(problem);
  if (isPartial(c)) return c.html(<ErrorPartial id="add-error" text={error} />, 422);
  const { api, reader, here } = c.get("asked");
  const view = here.view ?? { kind: "inbox" };
  const [frame, list] = await Promise.all([loadFrame(api, reader), loadList(api, here, view, reader)]);
  const refused = { title: form.text("title"), error };
  return c.html(<ListPage list={list} frame={frame} reader={reader} panel={<EmptyPanel />} refused={refused} />, 422);
}

export async function answerRefusedEdit(
  c: Context<WebEnv>,
  id: string,
  edit: Edit,
  problem: Problem,
): Promise<Response> {
  const error = sayErrors(problem);
  if (isPartial(c)) return c.html(<ErrorPartial id={errorId({ id }, edit.field)} text={error} />, 422);
  const { api, reader, here } = c.get("asked");
  const [frame, task] = await Promise.all([loadFrame(api, reader), api.tasks.get(id)]);
  const there = { ...here, view: undefined, task_id: id, editing: edit.field === "notes" };
  const refused = { field: edit.field, typed: edit.typed, error };
  return c.html(<TaskPage task={task} frame={frame} here={there} reader={reader} refused={refused} />, 422);
}

export async function answerConflict(c: Context<WebEnv>, edit: Edit, task: Task): Promise<Response> {
  const { api, reader, here } = c.get("asked");
  const frame = await loadFrame(api, reader);
  const { field, typed } = edit;
  const places = notesPlaces(here, task);
  const common = { task, field, typed, projects: frame.projects, reader };
  if (isPartial(c)) {
    const boost = field === "notes" ? notesBoost(task) : panelBoost;
    return c.html(
      <hx-partial hx-target={`#${field}-${task.id}`} hx-swap="outerHTML">
        <Conflict {...common} href={places.href} boost={boost} />
      </hx-partial>,
      412,
    );
  }
  return c.html(
    <Page title={task.title} reader={reader} frame={frame} at="">
      <h1>{task.title}</h1>
      <Conflict {...common} href={hrefOf({ ...here, task_id: task.id, editing: false })} boost="false" />
    </Page>,
    412,
  );
}
