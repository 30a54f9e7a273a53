import type { Api } from "@rondo/client";
import { type Changed, formCheck, taskContract } from "@rondo/contract";
import type { Task } from "@rondo/task";
import type { Form } from "../form.ts";
import { type Reader, todayOf } from "../format/reader.ts";

const checkNew = formCheck(taskContract.create);

/**
 * Adds what the form at the top of a list says. The form's key makes it one task however often it is sent.
 * @throws Problem `invalid`
 */
export async function addTask(api: Api, form: Form, reader: Reader): Promise<Changed<Task>> {
  const due_date = form.text("due_today") === "1" ? todayOf(reader).toString() : undefined;
  const input = checkNew({ title: form.text("title"), project_id: form.text("project_id") || undefined, due_date });
  return api.tasks.create(input, { idempotency_key: form.text("key") || undefined });
}
