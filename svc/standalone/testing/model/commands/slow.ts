import type { Task } from "@rondo/task";
import { holds } from "../holds.ts";
import { type Model, pick } from "../model.ts";
import { newTask } from "../tasks.ts";
import type { World } from "../world.ts";
import { contentOf } from "./change.ts";
import type { Act } from "./command.ts";

const title = "Written slowly";

/** Begins a write that stays open, or ends the one that is. */
export const slowWrite: Act = {
  name: "a slow write begins or ends",
  act: (model, world) => (world.slow.isWriting ? endSlowWrite(model, world) : world.slow.create(title)),
};

export async function endSlowWrite(model: Model, { slow }: World): Promise<void> {
  const answer = await slow.end();
  if (answer === undefined) return;
  holds("a slow write succeeds", answer.status, 201);
  const task = contentOf(answer.json<Task>());
  const { person } = slow;
  const place = {
    id: task.id,
    workspace_id: person.workspace_id,
    project_id: pick(model.workspaceOf(person).projects, 0),
  };
  const made = newTask(place, { title }, { user_id: person.user_id, at: task.created_at });
  holds("a new task is as it was asked for", task, made);
  model.taskChanged(person, made, undefined, false);
}
