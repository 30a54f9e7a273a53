/** What every engine must do. `local.test.ts` runs it for the engine in PostgreSQL; the next engine runs it unchanged. */
import { afterAll, beforeAll, describe, setDefaultTimeout } from "bun:test";
import type { ConsumerTiming } from "./consumer.ts";
import type { Bus, BusAdmin } from "./port.ts";
import { deadLetterSemantics } from "./semantics/dead_letters.ts";
import { deliverySemantics } from "./semantics/delivery.ts";
import { failureSemantics } from "./semantics/failure.ts";
import { outageSemantics } from "./semantics/outages.ts";
import { parkingSemantics } from "./semantics/parking.ts";
import { processSemantics } from "./semantics/processes.ts";
import { publishSemantics } from "./semantics/publish.ts";
import { versionSemantics } from "./semantics/versions.ts";
import { testTiming } from "./semantics/world.ts";

/** A process with a bus of its own, not started yet. */
export interface BusProcess {
  readonly bus: Bus & BusAdmin;
  /** As `kill -9` does: no farewell, and nothing of it answers the engine any more. */
  kill(): Promise<void>;
  /** Ends the process once its bus was stopped. */
  close(): Promise<void>;
}

/** The engine as the suite drives it. One serves all tests, so each test uses keys and groups of its own. */
export interface EngineUnderTest {
  /** @param timing what this process does otherwise than the engine was made with */
  open(timing?: ConsumerTiming): Promise<BusProcess>;
  /** Puts anything at all on a topic, past the checks of a publisher. */
  inject(topic: "task-events", key: string, value: unknown): Promise<void>;
  /** Takes the engine away from every process until the returned function is called. */
  interrupt(): Promise<() => Promise<void>>;
  /** Takes the database in which consumers park events away from every process, until the returned function is called. */
  interruptDatabase(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface SemanticsOptions {
  /** With `testTiming`: few tries with short pauses, and a handler has a second. */
  readonly makeEngine: (timing: ConsumerTiming) => Promise<EngineUnderTest>;
  /** How long a test waits for what must happen; at least the engine's takeover after a death. 15,000. */
  readonly patienceMs?: number;
}

export function busSemantics(name: string, { makeEngine, patienceMs = 15_000 }: SemanticsOptions): void {
  describe(`the bus on ${name}`, () => {
    setDefaultTimeout(4 * patienceMs);
    let engine: EngineUnderTest | undefined;
    beforeAll(async () => {
      engine = await makeEngine(testTiming);
    });
    afterAll(async () => engine?.close());

    const under = () => {
      if (engine === undefined) throw new Error("the engine did not start");
      return engine;
    };
    for (const semantics of [
      publishSemantics,
      deliverySemantics,
      failureSemantics,
      parkingSemantics,
      outageSemantics,
      versionSemantics,
      deadLetterSemantics,
      processSemantics,
    ]) {
      semantics({ engine: under, patienceMs });
    }
  });
}
