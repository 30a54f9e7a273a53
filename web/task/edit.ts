import type { Api, ChangeOptions } from "@rondo/client";
import type { Changed } from "@rondo/contract";
import { Problem } from "@rondo/problem";
import { normalizeLine, normalizeText, priorities, type Task } from "@rondo/task";
import { type Field, isField, settle } from "./fields.ts";

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
export function readEdit(form: Readonly<Record<string, unknown>>): Edit {
  const text = (name: string) => (typeof form[name] === "string" ? form[name] : "");
  const field = text("field");
  if (!isField(field)) throw new Problem("malformed", "The form does not say which field it changes.");
  const typed = Object.fromEntries(inputs[field].map((name) => [name, text(name)]));
  const version = Number(text("version"));
  return {
    field,
    typed: field === "due" ? readDue(typed, text("day")) : typed,
    seen: Number.isInteger(version) && version > 0 ? { version, was: text("was") } : undefined,
  };
}

/** A button can name the day, `none` clearing it; without a date there is no time, and without a time no zone. */
function readDue(typed: Readonly<Record<string, string>>, day: string): Record<string, string> {
  const due_date = day === "" ? (typed.due_date ?? "") : day === "none" ? "" : day;
  const due_time = due_date === "" ? "" : (typed.due_time ?? "").slice(0, 5);
  return { due_date, due_time, time_zone: due_time === "" ? "" : (typed.time_zone ?? "") };
}

/** How often an edit is put onto a newer version whose change was of another field. */
const tries = 4;

/**
 * Makes the edit. One that meets a change of the same field made meanwhile is a conflict, and nothing is written.
 * @throws Problem as the api does: `invalid`, `not_found` …
 */
export async function makeEdit(api: Api, id: string, edit: Edit): Promise<Outcome> {
  let version = edit.seen?.version;
  for (let left = tries; ; left--) {
    try {
      const { value, operation_id } = await write(api, id, edit, { version });
      return { kind: "saved", task: value, operation_id };
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== "stale" || edit.seen === undefined || left === 0) throw error;
    }
    const task = await api.tasks.get(id);
    const next = settle(edit.field, { was: edit.seen.was, text: textOf(edit) }, task);
    if (next === "done") return { kind: "saved", task, operation_id: null };
    if (next === "conflict") return { kind: "conflict", task };
    version = task.version;
  }
}

function write(api: Api, id: string, { field, typed }: Edit, options: ChangeOptions): Promise<Changed<Task>> {
  const { title = "", notes = "", priority = "", project = "", due_date, due_time, time_zone } = typed;
  if (field === "project") return api.tasks.move(id, { project_id: project }, options);
  if (field === "title") return api.tasks.patch(id, { title }, options);
  if (field === "notes") return api.tasks.patch(id, { notes }, options);
  if (field === "priority") return api.tasks.patch(id, { priority: readPriority(priority) }, options);
  return api.tasks.patch(
    id,
    { due_date: due_date || null, due_time: due_time || null, time_zone: time_zone || null },
    options,
  );
}

function readPriority(text: string): Task["priority"] {
  const known = priorities.find((priority) => priority === text);
  if (known) return known;
  throw new Problem("invalid", "This is not a priority.", {
    errors: [{ pointer: "/priority", detail: "Choose one of the five." }],
  });
}

/** The edit as `fieldText` would have it once it is written. */
function textOf({ field, typed }: Edit): string {
  if (field === "due") return [typed.due_date, typed.due_time, typed.time_zone].filter(Boolean).join(" ");
  const text = typed[field] ?? "";
  return field === "title" ? normalizeLine(text) : normalizeText(text);
}
