import { Chore, type ChoreOptions } from "./chore.ts";
import { checkPart, everyKind } from "./name.ts";
import type { JobHandler } from "./port.ts";
import type { Runner } from "./runner.ts";

/** What the scheduler of one process is there for: complete before it starts. */
export class Duties {
  readonly handlers = new Map<string, JobHandler>();
  readonly chores: Chore[] = [];
  #complete = false;

  /** @throws Error for a second handler of a kind, RangeError for what is no kind */
  handle(kind: string, handler: JobHandler): void {
    checkPart(kind, "a kind of job");
    if (kind === everyKind) throw new RangeError(`the kind ${everyKind} is for what comes back`);
    if (this.handlers.has(kind)) throw new Error(`The kind ${kind} already has a handler in this process.`);
    this.#refuseWhenComplete();
    this.handlers.set(kind, handler);
  }

  /** @throws Error for a second one of a name, RangeError for what is no name or period */
  every(options: ChoreOptions, runner: Runner): void {
    const chore = new Chore(options, runner);
    if (this.chores.some(({ name }) => name === chore.name))
      throw new Error(`${chore.name} already comes back in this process.`);
    this.#refuseWhenComplete();
    this.chores.push(chore);
  }

  complete(): void {
    this.#complete = true;
  }

  #refuseWhenComplete(): void {
    if (this.#complete) throw new Error("The scheduler has started: it is too late to tell it what to do.");
  }
}
