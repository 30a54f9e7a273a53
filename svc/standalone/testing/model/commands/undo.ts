import type { Task } from "@rondo/task";
import fc from "fast-check";
import { holds } from "../holds.ts";
import { type Change, type Model, mayWrite, type Person, pick } from "../model.ts";
import { afterUndo } from "../tasks.ts";
import type { World } from "../world.ts";
import { contentOf } from "./change.ts";
import { type Act, told } from "./command.ts";

/** Often the last operations, which can still be undone, and often by those whose they are. */
export const undoing: fc.Arbitrary<Act> = fc
  .record({ who: fc.option(fc.nat(), { nil: undefined, freq: 2 }), operation: fc.oneof(fc.nat(2), fc.nat()) })
  .map((values) => ({
    name: `undo ${told(values)}`,
    possible: (model: Model) => undoable(model).length > 0,
    act: (model: Model, world: World) => {
      const change = pick(undoable(model), values.operation);
      return undo(model, world, change, values.who === undefined ? change.by : pick(model.people, values.who));
    },
  }));

function undoable({ changes }: Model): readonly Change[] {
  return changes
    .filter(({ type, operation_id }) => type.startsWith("task.") && operation_id !== undefined)
    .toReversed();
}

async function undo(model: Model, world: World, change: Change, person: Person): Promise<void> {
  const history = model.historyOf(change.subject_id);
  const own = change.by.user_id === person.user_id && change.workspace_id === person.workspace_id;
  const fresh = history.at(-1)?.version === change.version;
  const status = mayWrite(person) ? (own ? (fresh ? 200 : 409) : 404) : 403;
  const { operation_id } = change;
  const answer = await world.stage.ask(person, "POST", "/undo", { body: { operation_id } });
  holds("an undo is answered as it must be", answer.status, status);
  if (answer.status !== 200) return;
  const next = afterUndo(history, world.by(person));
  const tasks = answer.json<{ tasks: readonly Task[] }>().tasks.map(contentOf);
  holds("an undo puts back what was there", tasks, [next]);
  if (next !== undefined) model.taskChanged(person, next, answer.operation);
}
