import fc from "fast-check";
import { change } from "./change.ts";
import { type Act, type Command, command } from "./command.ts";
import { creation } from "./create.ts";
import { delivery, happening, relayStep, rest } from "./engine.ts";
import { look } from "./look.ts";
import { race } from "./race.ts";
import { repetition } from "./repeat.ts";
import { slowWrite } from "./slow.ts";
import { undoing } from "./undo.ts";
import { mistake } from "./wrong.ts";

/** A change, a round of the relay and a delivery at the same time. */
const atOnce: fc.Arbitrary<Act> = fc.tuple(fc.oneof(creation, change), relayStep, delivery).map((acts) => ({
  name: `at once: ${acts.map(({ name }) => name).join(" | ")}`,
  possible: (model) => acts.every(({ possible }) => possible?.(model) ?? true),
  act: async (model, world) => {
    await Promise.all(acts.map(({ act }) => act(model, world)));
  },
}));

/** Everything that can happen, the ordinary more often than the rest. */
export const commands: fc.Arbitrary<Command> = fc
  .oneof(
    { weight: 5, arbitrary: creation },
    { weight: 9, arbitrary: change },
    { weight: 4, arbitrary: undoing },
    { weight: 2, arbitrary: race },
    { weight: 2, arbitrary: repetition },
    { weight: 1, arbitrary: mistake },
    { weight: 1, arbitrary: look },
    { weight: 7, arbitrary: relayStep },
    { weight: 5, arbitrary: delivery },
    { weight: 4, arbitrary: happening },
    { weight: 2, arbitrary: atOnce },
    { weight: 2, arbitrary: fc.constant(slowWrite) },
    { weight: 1, arbitrary: fc.constant(rest) },
  )
  .map(command);
