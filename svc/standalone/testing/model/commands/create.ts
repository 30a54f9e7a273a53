import type { Task } from "@rondo/task";
import { newId } from "@rondo/testing";
import fc from "fast-check";
import { holds } from "../holds.ts";
import { type Model, mayWrite, type Person, pick } from "../model.ts";
import type { Answer, Asked } from "../stage.ts";
import { newTask, type Patch } from "../tasks.ts";
import type { World } from "../world.ts";
import { newTaskBody } from "./bodies.ts";
import { type Act, told } from "./command.ts";

const sendings = ["once", "with a key", "again, for the answer was lost"] as const;

interface Creation {
  readonly who: number;
  readonly body: Patch;
  /** A project of the house, then one that is somebody else's for the people of the house. */
  readonly project: number | undefined;
  readonly sent: (typeof sendings)[number] | "three times at once";
}

export const creation: fc.Arbitrary<Act> = fc
  .record({
    who: fc.nat(),
    body: newTaskBody,
    project: fc.option(fc.nat(2), { nil: undefined, freq: 3 }),
    sent: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...sendings) },
      { weight: 1, arbitrary: fc.constant("three times at once" as const) },
    ),
  })
  .map((values) => ({ name: `create ${told(values)}`, act: (model, world) => create(model, world, values) }));

async function create(model: Model, world: World, { who, body, project, sent }: Creation): Promise<void> {
  const person = pick(model.people, who);
  const projects = model.workspaces.flatMap((workspace) => workspace.projects);
  const project_id = project === undefined ? undefined : pick(projects, project);
  const own = model.workspaceOf(person).projects;
  const target = project_id ?? pick(own, 0);
  const status = mayWrite(person) ? (own.includes(target) ? 201 : 422) : 403;
  const key = sent === "once" ? undefined : newId();
  const asked = { body: { ...body, project_id }, headers: { "idempotency-key": key } };
  const answer = await send(world, person, asked, sent, status);
  holds("a creation is answered as it must be", answer.status, status);
  if (answer.status !== 201) return;
  const { position: _, ...task } = answer.json<Task>();
  const made = newTask({ id: task.id, workspace_id: person.workspace_id, project_id: target }, body, world.by(person));
  holds("a new task is as it was asked for", task, made);
  model.taskChanged(person, made, answer.operation);
  if (key === undefined) return;
  model.answers.push({ by: person, path: "/tasks", key, body: asked.body, status, text: answer.text });
}

async function send(
  world: World,
  person: Person,
  asked: Asked,
  sent: Creation["sent"],
  status: number,
): Promise<Answer> {
  const { stage } = world;
  const ask = () => stage.ask(person, "POST", "/tasks", asked);
  if (sent === "again, for the answer was lost") {
    stage.answerDies = true;
    const lost = await ask();
    stage.answerDies = false;
    holds("a lost answer is no acknowledgement", lost.status, status === 201 ? 500 : status);
  }
  if (sent !== "three times at once") return ask();
  const [one, other, another] = await Promise.all([ask(), ask(), ask()]);
  if (status === 201) {
    holds("a repeated request has the first one's answer", [other.text, another.text], [one.text, one.text]);
  }
  return one;
}
