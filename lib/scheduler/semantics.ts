/** What every engine must do. `local.test.ts` and `dapr.test.ts` run it unchanged. */
import { afterAll, beforeAll, describe, setDefaultTimeout } from "bun:test";
import type { Backoff, Scheduler } from "./port.ts";
import { failureSemantics } from "./semantics/failure.ts";
import { faultSemantics } from "./semantics/faults.ts";
import { processSemantics } from "./semantics/processes.ts";
import { repetitionSemantics } from "./semantics/repetition.ts";
import { scheduleSemantics } from "./semantics/schedule.ts";
import { testBackoff } from "./semantics/world.ts";

/** A process with a scheduler of its own, not started yet. */
export interface SchedulerProcess {
  readonly scheduler: Scheduler;
  /** Resolves when jobs reach the process; after `start`. */
  ready(): Promise<void>;
  /** As `kill -9` does: no farewell, and nothing of it reaches the engine any more. */
  kill(): Promise<void>;
  /** Ends the process once its scheduler was stopped. */
  close(): Promise<void>;
}

/** The engine as the suite drives it. One serves all tests, so each test uses kinds and names of its own. */
export interface EngineUnderTest {
  /** A process of this app: jobs stay within an app. */
  open(app: string): Promise<SchedulerProcess>;
  /** Takes the engine away from every process, as one that stops or one that is killed, until the returned function is called. */
  interrupt(how: "stop" | "kill"): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface SemanticsOptions {
  /** With `testBackoff`. */
  readonly makeEngine: (backoff: Backoff) => Promise<EngineUnderTest>;
  /** How long a test waits for what must happen; at least the engine's takeover after a death. 20,000. */
  readonly patienceMs?: number;
}

export function schedulerSemantics(name: string, { makeEngine, patienceMs = 20_000 }: SemanticsOptions): void {
  describe(`the scheduler on ${name}`, () => {
    setDefaultTimeout(4 * patienceMs);
    let engine: EngineUnderTest | undefined;
    beforeAll(async () => {
      engine = await makeEngine(testBackoff);
    });
    afterAll(async () => engine?.close());

    const under = () => {
      if (engine === undefined) throw new Error("the engine did not start");
      return engine;
    };
    // Most of each test is waiting.
    describe.concurrent("in itself", () => {
      for (const semantics of [scheduleSemantics, failureSemantics, processSemantics, repetitionSemantics]) {
        semantics({ engine: under, patienceMs });
      }
    });
    describe("when the engine goes away", () => faultSemantics({ engine: under, patienceMs }));
  });
}
