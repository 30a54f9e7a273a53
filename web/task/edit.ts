import type { Api } from "@rondo/client";
import { formCheck, taskContract } from "@rondo/contract";
import { Problem } from "@rondo/problem";
import type { Task, TaskMove, TaskPatch } from "@rondo/task";
import type { Form } from "../form.ts";
import { type Field, fieldText, isField, settle } from "./fields.ts";

/** An edit of one field as its form sends it. */
export interface Edit {
  readonly field: Field;
  /** The inputs, for showing them again when they are refused. */
  readonly typed: Readonly<Record<string, string>>;
  /** What the reader saw; without it (a key, a program) the edit holds whatever is there. */
  readonly seen: { readonly version: number; readonly was: string } | undefined;
}

export type Outcome =
  | { readonly kind: "saved"; readonly task: Task; readonly operation_id: string | null }
  | { readonly kind: "conflict"; readonly task: Task };

const inputs: Readonly<Record<Field, readonly string[]>> = {
  title: ["title"],
  notes: ["notes"],
  priority: ["priority"],
  due: ["due_date", "due_time", "time_zone"],
  project: ["project"],
};

/** @throws Problem `malformed` for a form that is none of ours. */
export function readEdit(form: Form): Edit {
  const field = form.text("field");
  if (!isField(field)) throw new Problem("malformed", "The form does not say which field it changes.");
  const typed = Object.fromEntries(inputs[field].map((name) => [name, form.text(name)]));
  return {
    field,
    typed: field === "due" ? readDue(typed, form.text("day")) : typed,
    seen: form.version === undefined ? undefined : { version: form.version, was: form.text("was") },
  };
}

/** A button can name the day, `none` clearing it; without a date there is no time, and without a time no zone. */
function readDue(typed: Readonly<Record<string, string>>, day: string): Record<string, string> {
  const due_date = day === "" ? (typed.due_date ?? "") : day === "none" ? "" : day;
  const due_time = due_date === "" ? "" : (typed.due_time ?? "").slice(0, 5);
  return { due_date, due_time, time_zone: due_time === "" ? "" : (typed.time_zone ?? "") };
}

const checkPatch = formCheck(taskContract.patch);
const checkMove = formCheck(taskContract.move);

/** The change that an edit is. Clearing an input clears its field. @throws Problem `invalid` */
function changeOf({ field, typed }: Edit): { readonly move: TaskMove } | { readonly patch: TaskPatch } {
  const { project, due_date, due_time, time_zone } = typed;
  if (field === "project") return { move: checkMove({ project_id: project }) };
  if (field !== "due") return { patch: checkPatch(typed) };
  return {
    patch: checkPatch({ due_date: due_date || null, due_time: due_time || null, time_zone: time_zone || null }),
  };
}

/** How often an edit is put onto a newer version whose change was of another field. */
const tries = 4;

/**
 * Makes the edit. One that meets a change of the same field made meanwhile is a conflict, and nothing is written.
 * @throws Problem as the api does: `invalid`, `not_found` …
 */
export async function makeEdit(api: Api, id: string, edit: Edit): Promise<Outcome> {
  const change = changeOf(edit);
  const write = (options: { version: number | undefined }) =>
    "move" in change ? api.tasks.move(id, change.move, options) : api.tasks.patch(id, change.patch, options);
  const text = fieldText("move" in change ? change.move : change.patch, edit.field);
  let version = edit.seen?.version;
  for (let left = tries; ; left--) {
    try {
      const { value, operation_id } = await write({ version });
      return { kind: "saved", task: value, operation_id };
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== "stale" || edit.seen === undefined || left === 0) throw error;
    }
    const task = await api.tasks.get(id);
    const next = settle(edit.field, { was: edit.seen.was, text }, task);
    if (next === "done") return { kind: "saved", task, operation_id: null };
    if (next === "conflict") return { kind: "conflict", task };
    version = task.version;
  }
}
