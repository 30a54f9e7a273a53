import { waitFor } from "@rondo/testing";
import type { Backoff, Job, JsonObject, Scheduler } from "../port.ts";
import type { EngineUnderTest, SchedulerProcess } from "../semantics.ts";

export interface Context {
  readonly engine: () => EngineUnderTest;
  readonly patienceMs: number;
}

/** What the engine under test is to run with. */
export const testBackoff: Backoff = { firstPauseMs: 200, longestPauseMs: 1_000 };

/** One call of a handler. */
export interface Call extends Job {
  readonly calledAt: number;
  readonly process: number;
}

type Answer = (job: Job, process: number, over: AbortSignal) => Promise<void> | void;

/** What one test sees: its own app and kind, every call of a handler of it, and the processes it opened. */
export class World implements AsyncDisposable {
  readonly kind = `k${Bun.randomUUIDv7()}`;
  readonly calls: Call[] = [];
  readonly #context: Context;
  readonly #opened: SchedulerProcess[] = [];
  readonly #app = `app-${Bun.randomUUIDv7()}`;

  constructor(context: Context) {
    this.#context = context;
  }

  get engine(): EngineUnderTest {
    return this.#context.engine();
  }

  async open(): Promise<Scheduler> {
    const process = await this.engine.open(this.#app);
    this.#opened.push(process);
    return process.scheduler;
  }

  /** A started process that handles the test's kind and is reached by its jobs. */
  async process(answer: Answer = () => undefined): Promise<Scheduler> {
    const number = this.#opened.length;
    const scheduler = await this.open();
    scheduler.handle(this.kind, async (job, over) => {
      this.calls.push({ ...job, calledAt: Date.now(), process: number });
      await answer(job, number, over);
    });
    await this.start(scheduler);
    return scheduler;
  }

  async start(scheduler: Scheduler): Promise<void> {
    await scheduler.start();
    await this.#of(scheduler).ready();
  }

  async kill(scheduler: Scheduler): Promise<void> {
    await this.#of(scheduler).kill();
  }

  /** A job of the test's kind, due so many ms from now. */
  job(what: string, inMs: number, data: JsonObject = {}): Job {
    return { name: `${this.kind}:${what}`, at: new Date(Date.now() + inMs).toISOString(), data };
  }

  callsOf(job: Pick<Job, "name">): Call[] {
    return this.calls.filter(({ name }) => name === job.name);
  }

  async until<T>(condition: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
    return await waitFor(condition, { what, deadlineMs: this.#context.patienceMs });
  }

  /** Waits until each of these was called at least once. */
  async called(...jobs: readonly Job[]): Promise<void> {
    await this.until(() => {
      const names = new Set(this.calls.map(({ name }) => name));
      return jobs.every(({ name }) => names.has(name));
    }, `${jobs.length} jobs to be called`);
  }

  /** Waits until so many ms from now, by a job: whatever else was to happen until then has happened. */
  async pass(scheduler: Scheduler, ms: number): Promise<void> {
    const mark = this.job(`mark-${Bun.randomUUIDv7()}`, ms);
    await scheduler.schedule(mark);
    await this.called(mark);
  }

  #of(scheduler: Scheduler): SchedulerProcess {
    const process = this.#opened.find((each) => each.scheduler === scheduler);
    if (process === undefined) throw new Error("a process of this test");
    return process;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#opened) {
      await process.scheduler.stop();
      await process.close();
    }
  }
}

/** What work does that never ends by itself. */
export function untilOver(over: AbortSignal): Promise<void> {
  if (over.aborted) return Promise.resolve();
  return new Promise((resolve) => over.addEventListener("abort", () => resolve(), { once: true }));
}
