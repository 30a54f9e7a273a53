import type { Task } from "@rondo/task";
import { holds } from "../holds.ts";
import type { Model, Person } from "../model.ts";
import type { ModelTask, Move, Verb } from "../tasks.ts";
import type { World } from "../world.ts";

/** Whether a move names a neighbour that is not there: in the bin, in another project, or the task itself. */
export function lacksNeighbour(model: Model, task: ModelTask, verb: Verb): boolean {
  if (verb.kind !== "move") return false;
  const { project_id = task.project_id, before_id, after_id } = verb.body;
  const id = before_id ?? after_id;
  if (id === undefined) return false;
  const there = model.tasks.find((other) => other.id === id && other.id !== task.id);
  return there === undefined || there.deleted_at !== null || there.project_id !== project_id;
}

/** A moved task stands directly beside its neighbour, or at the end. */
export async function checkPlace({ stage }: World, person: Person, { id, project_id }: Task, move: Move) {
  const answer = await stage.ask(person, "GET", `/tasks?status=all&limit=200&project=${project_id}`);
  const { items } = answer.json<{ items: readonly Task[] }>();
  const order = items.filter(({ deleted_at }) => deleted_at === null).map((task) => task.id);
  const place = order.indexOf(id);
  const beside = move.before_id === undefined ? order[place - 1] : order[place + 1];
  const neighbour = move.before_id ?? move.after_id;
  if (neighbour === undefined) holds("a task moved to the end stands there", order.at(-1), id);
  else holds("a moved task stands beside its neighbour", beside, neighbour);
}
