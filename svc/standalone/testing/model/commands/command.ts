import type { AsyncCommand } from "fast-check";
import { checkStep } from "../invariants.ts";
import type { Model } from "../model.ts";
import type { World } from "../world.ts";

/** One thing that somebody does. */
export interface Act {
  /** What to call it in the story of an interleaving that failed. */
  readonly name: string;
  /** Whether it can be done now; always, unless told. */
  possible?(model: Model): boolean;
  /** Does it, holds the answer against the model, and brings the model up to date. */
  act(model: Model, world: World): Promise<void>;
}

export type Command = AsyncCommand<Model, World>;

/** The act as a command: a millisecond passes, it is done, and what must always be true is looked at. */
export function command({ name, act, possible = () => true }: Act): Command {
  return {
    check: possible,
    async run(model, world) {
      world.steps += 1;
      world.stage.clock.advance(1);
      await act(model, world);
      checkStep(model, world);
    },
    toString: () => name,
  };
}

/** The values of an act in one line, for its name. */
export function told(values: object): string {
  return JSON.stringify(values).replaceAll('"', "");
}

export const hasTasks = (model: Model): boolean => model.tasks.length > 0;
