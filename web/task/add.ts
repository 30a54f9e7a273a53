import type { Api } from "@rondo/client";
import type { Changed } from "@rondo/contract";
import type { Task } from "@rondo/task";
import { type Reader, todayOf } from "../format/reader.ts";

/** Adds what the form at the top of a list says. The form's key makes it one task however often it is sent. */
export function addTask(api: Api, form: Readonly<Record<string, unknown>>, reader: Reader): Promise<Changed<Task>> {
  const text = (name: string) => (typeof form[name] === "string" ? form[name] : "");
  const due_date = text("due_today") === "1" ? todayOf(reader).toString() : undefined;
  const input = { title: text("title"), project_id: text("project_id") || undefined, due_date };
  return api.tasks.create(input, { idempotency_key: text("key") || undefined });
}
