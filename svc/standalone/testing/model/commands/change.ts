import type { Task } from "@rondo/task";
import { newId } from "@rondo/testing";
import fc from "fast-check";
import { holds } from "../holds.ts";
import { type Model, mayWrite, type Person, pick } from "../model.ts";
import type { Answer } from "../stage.ts";
import { afterVerb, type By, type ModelTask, type Verb } from "../tasks.ts";
import type { World } from "../world.ts";
import { type Act, hasTasks, told } from "./command.ts";
import { checkPlace, lacksNeighbour } from "./place.ts";
import { requestOf, resolved, type Wish, wish } from "./verbs.ts";

const versions = ["none", "any", "current", "older", "newer"] as const;

interface ChangeValues {
  readonly who: number;
  readonly task: number;
  readonly wish: Wish;
  readonly version: (typeof versions)[number];
  readonly keyed: boolean;
  readonly lost: boolean;
}

export const change: fc.Arbitrary<Act> = fc
  .record({
    who: fc.nat(),
    task: fc.nat(),
    wish,
    version: fc.constantFrom(...versions),
    keyed: fc.boolean(),
    lost: fc.integer({ min: 0, max: 9 }).map((number) => number === 9),
  })
  .map((values) => ({
    name: `change ${told(values)}`,
    possible: hasTasks,
    act: (model, world) => carryOut(model, world, values),
  }));

async function carryOut(model: Model, world: World, values: ChangeValues): Promise<void> {
  const person = pick(model.people, values.who);
  const task = pick(model.tasks, values.task);
  const verb = resolved(model, values.wish);
  const by = world.by(person);
  const { status, next } = expected(model, person, { task, verb, by, version: values.version });
  const request = requestOf(task.id, verb);
  const key = values.keyed && request.method === "POST" ? newId() : undefined;
  const headers = { "if-match": tagOf(task, values.version), "idempotency-key": key };
  world.stage.answerDies = values.lost;
  const answer = await world.stage.ask(person, request.method, request.path, { body: request.body, headers });
  const lost = values.lost && !world.stage.answerDies;
  world.stage.answerDies = false;
  if (lost && next !== undefined) return foundAfterLoss(model, world, person, answer, next);
  holds(`${verb.kind} is answered as it must be`, answer.status, status);
  if (status === 412) holds("who is late is shown the task as it is", contentOf(answer.json<Stale>().current), task);
  if (next === undefined) return;
  await checkChanged(model, world, person, { answer, task, verb, next });
  if (key !== undefined)
    model.answers.push({ by: person, path: request.path, key, body: request.body, status, text: answer.text });
}

interface Stale {
  readonly current: Task;
}

interface Asked {
  readonly task: ModelTask;
  readonly verb: Verb;
  readonly by: By;
  readonly version: ChangeValues["version"];
}

/** The status, and the state after it when that is a success. */
function expected(
  model: Model,
  person: Person,
  { task, verb, by, version }: Asked,
): { readonly status: number; readonly next?: ModelTask } {
  if (!mayWrite(person)) return { status: 403 };
  if (task.workspace_id !== person.workspace_id) return { status: 404 };
  if (version === "older" || version === "newer") return { status: 412 };
  const next = afterVerb(task, verb, by);
  if (next === undefined) return { status: 409 };
  const allowed = model.workspaceOf(person).projects.includes(next.project_id) && !lacksNeighbour(model, task, verb);
  return allowed ? { status: 200, next } : { status: 422 };
}

function tagOf({ version }: ModelTask, which: ChangeValues["version"]): string | undefined {
  if (which === "none") return undefined;
  if (which === "any") return "*";
  return `"${version + (which === "older" ? -1 : which === "newer" ? 1 : 0)}"`;
}

interface Changed {
  readonly answer: Answer;
  readonly task: ModelTask;
  readonly verb: Verb;
  readonly next: ModelTask;
}

async function checkChanged(model: Model, world: World, person: Person, changed: Changed): Promise<void> {
  const { answer, task, verb, next } = changed;
  const body = answer.json<Task>();
  const stayed = verb.kind === "move" && answer.operation === undefined && task.project_id === next.project_id;
  const result = stayed ? task : next;
  holds(`${verb.kind} does what it says`, contentOf(body), result);
  holds("the entity tag is the version", answer.headers.get("etag"), `"${result.version}"`);
  holds("what changes nothing is no operation", answer.operation !== undefined, result !== task);
  if (result !== task) model.taskChanged(person, result, answer.operation);
  if (verb.kind === "move") await checkPlace(world, person, body, verb.body);
}

/** The answer never came; the change did. */
async function foundAfterLoss(model: Model, world: World, person: Person, answer: Answer, next: ModelTask) {
  holds("a lost answer is no acknowledgement", answer.status, 500);
  model.taskChanged(person, next, undefined);
  const found = await world.stage.ask(person, "GET", `/tasks/${next.id}`);
  holds("a change whose answer was lost is whole", contentOf(found.json<Task>()), next);
}

export function contentOf({ position: _, ...task }: Task): ModelTask {
  return task;
}
