import type { Task, TaskPatch } from "@rondo/task";

/** What of a task is edited in one form. */
export const fields = ["title", "notes", "priority", "due", "project"] as const;
export type Field = (typeof fields)[number];

export function isField(text: string): text is Field {
  return fields.some((field) => field === text);
}

/** The fields of a task, or of a change of one. */
type Values = { readonly [Name in keyof TaskPatch]?: string | null | undefined };

/** A field as one text, to be compared. */
export function fieldText(values: Values, field: Field): string {
  const { due_date, due_time, time_zone } = values;
  if (field === "project") return values.project_id ?? "";
  if (field === "due") return [due_date, due_time, due_time && time_zone].filter(Boolean).join(" ");
  return values[field] ?? "";
}

/** Stands for a field's value in a form: what the reader saw when they began to edit, without sending the text twice. */
export function fieldMark(task: Task, field: Field): string {
  return new Bun.CryptoHasher("sha256").update(fieldText(task, field)).digest("base64url").slice(0, 16);
}

/**
 * What to do when the task changed since the form was made. Only a change of the *same field* to another value is a conflict: else
 * the edit goes onto the newer version, or is there already.
 */
export function settle(
  field: Field,
  edit: { readonly was: string; readonly text: string },
  current: Task,
): "again" | "done" | "conflict" {
  if (fieldText(current, field) === edit.text) return "done";
  return fieldMark(current, field) === edit.was ? "again" : "conflict";
}
