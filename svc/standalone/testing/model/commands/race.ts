import type { Task } from "@rondo/task";
import fc from "fast-check";
import { holds } from "../holds.ts";
import { type Model, mayWrite, type Person, pick } from "../model.ts";
import type { Answer } from "../stage.ts";
import { afterVerb, type By, type ModelTask, type Verb } from "../tasks.ts";
import type { World } from "../world.ts";
import { contentOf } from "./change.ts";
import { type Act, hasTasks, told } from "./command.ts";
import { requestOf, resolved, type Wish } from "./verbs.ts";

interface Race {
  readonly task: number;
  readonly runners: readonly { readonly who: number; readonly wish: Wish }[];
  /** Whether each says which version it builds on. */
  readonly versioned: boolean;
}

const racingWish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({
    kind: fc.constant("patch"),
    body: fc.record({ title: fc.constantFrom("Mine", "No, mine", "Ours") }),
    project: fc.constant(undefined),
  }),
  fc.record({ kind: fc.constantFrom("complete", "reopen", "remove", "restore") }),
);

/** Several people change one task at the same time. */
export const race: fc.Arbitrary<Act> = fc
  .record({
    task: fc.nat(),
    runners: fc.array(fc.record({ who: fc.nat(), wish: racingWish }), { minLength: 2, maxLength: 4 }),
    versioned: fc.boolean(),
  })
  .map((values) => ({
    name: `race ${told(values)}`,
    possible: hasTasks,
    act: (model, world) => run(model, world, values),
  }));

interface Runner {
  readonly person: Person;
  readonly verb: Verb;
  readonly by: By;
  readonly answer: Answer;
}

async function run(model: Model, world: World, { task: number, runners, versioned }: Race): Promise<void> {
  const task = pick(model.tasks, number);
  const writers = model.people.filter((person) => mayWrite(person) && person.workspace_id === task.workspace_id);
  const headers = { "if-match": versioned ? `"${task.version}"` : undefined };
  const arrived = await Promise.all(
    runners.map(async ({ who, wish }): Promise<Runner> => {
      const person = pick(writers, who);
      const verb = resolved(model, wish);
      const { method, path, body } = requestOf(task.id, verb);
      const answer = await world.stage.ask(person, method, path, { body, headers });
      return { person, verb, by: world.by(person), answer };
    }),
  );
  const winners = arrived.filter(({ answer }) => answer.operation !== undefined).toSorted(byVersion);
  if (versioned) holds("of several who build on one version at most one succeeds", winners.length <= 1, true);
  let state = task;
  const states = [task];
  for (const { person, verb, by, answer } of winners) {
    const next = afterVerb(state, verb, by);
    holds("changes at the same time are as if one came after the other", contentOf(answer.json<Task>()), next);
    state = next ?? state;
    states.push(state);
    model.taskChanged(person, state, answer.operation);
  }
  for (const runner of arrived) if (!winners.includes(runner)) checkLoser(runner, states, versioned);
}

const byVersion = (a: Runner, b: Runner): number => a.answer.json<Task>().version - b.answer.json<Task>().version;

/** Whoever changed nothing must have met a state in which that was right. */
function checkLoser({ verb, by, answer }: Runner, states: readonly ModelTask[], versioned: boolean): void {
  const [first, ...later] = states;
  const met = versioned ? (first === undefined ? [] : [first]) : states;
  const nothingToDo = met.filter((state) => afterVerb(state, verb, by) === state);
  const refused = met.some((state) => afterVerb(state, verb, by) === undefined);
  const right =
    answer.status === 200
      ? nothingToDo.some((state) => Bun.deepEquals(contentOf(answer.json<Task>()), state))
      : answer.status === 412
        ? versioned && later.length > 0
        : answer.status === 409 && refused;
  holds(`who changes nothing has a reason (${answer.status} ${answer.text})`, right, true);
}
