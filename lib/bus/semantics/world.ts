import type { CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import { waitFor } from "@rondo/testing";
import type { ConsumerTiming } from "../consumer.ts";
import type {
  Bus,
  BusAdmin,
  DataSubscription,
  DeadLetter,
  Delivery,
  DeliveryPolicy,
  Handler,
  Outcome,
} from "../port.ts";
import { done } from "../port.ts";
import type { BusProcess, EngineUnderTest } from "../semantics.ts";

export interface Context {
  readonly engine: () => EngineUnderTest;
  readonly patienceMs: number;
}

/** Three tries with short pauses, and a second for the handler: what the engine under test is to run with. */
export const testPolicy: DeliveryPolicy = { tries: 3, firstPauseMs: 50, longestPauseMs: 100, timeoutMs: 1_000 };

/** Whatever else would be waited for in earnest. */
export const testTiming: ConsumerTiming = { policy: testPolicy, probeEveryMs: 20, leaseMs: 200 };

type Answer = (delivery: Delivery) => Outcome | Promise<Outcome>;

/** What one test sees: its own keys, its own group, everything that was delivered of them, and what it opened. */
export class World implements AsyncDisposable {
  readonly group: string;
  readonly deliveries: Delivery[] = [];
  /** How many of the test's own events came in each call. */
  readonly batches: number[] = [];
  readonly #context: Context;
  readonly #keys = new Set<string>();
  readonly #opened: BusProcess[] = [];

  constructor(context: Context, group = `group-${Bun.randomUUIDv7()}`) {
    this.#context = context;
    this.group = group;
  }

  get engine(): EngineUnderTest {
    return this.#context.engine();
  }

  /** A key of this test. */
  key(): string {
    const key = Bun.randomUUIDv7();
    this.#keys.add(key);
    return key;
  }

  /** Events of one key, numbered by their version from `first` on. */
  events(key: string, count: number, first = 1): CloudEvent[] {
    return Array.from({ length: count }, (_, index) =>
      taskEvent("task.updated.v1", { workspace_id: key, task: { version: first + index } }),
    );
  }

  async open(timing?: ConsumerTiming): Promise<Bus & BusAdmin> {
    const process = await this.engine.open(timing);
    this.#opened.push(process);
    return process.bus;
  }

  async kill(bus: Bus): Promise<void> {
    await this.#opened.find((process) => process.bus === bus)?.kill();
  }

  /** A handler that records the test's own events and answers for them; foreign ones are done. */
  handler(answer: Answer = () => done, into: Delivery[] = this.deliveries): Handler {
    return async (deliveries) => {
      const own = deliveries.filter((delivery) => this.#keys.has(delivery.key));
      if (own.length > 0) this.batches.push(own.length);
      const outcomes: Outcome[] = [];
      const held = new Set<string>();
      for (const delivery of deliveries) {
        if (!own.includes(delivery)) outcomes.push(done);
        else if (held.has(delivery.key)) outcomes.push({ result: "failed", reason: "waits" });
        else {
          into.push(delivery);
          const outcome = await answer(delivery);
          if (outcome.result === "failed") held.add(delivery.key);
          outcomes.push(outcome);
        }
      }
      return outcomes;
    };
  }

  /** A started process that consumes in the test's group. */
  async consume(answer?: Answer, more: Partial<DataSubscription> = {}): Promise<Bus & BusAdmin> {
    const bus = await this.open();
    bus.subscribe({
      topic: "task-events",
      types: ["task.*"],
      group: this.group,
      handle: this.handler(answer),
      ...more,
    });
    await bus.start();
    return bus;
  }

  async until<T>(condition: () => T | Promise<T>, what: string): Promise<void> {
    await waitFor(condition, { what, deadlineMs: this.#context.patienceMs });
  }

  /** Waits until each of these was delivered at least once. */
  async arrived(events: readonly CloudEvent[], deliveries = this.deliveries): Promise<void> {
    await this.until(() => {
      const ids = new Set(deliveries.map((delivery) => delivery.event.id));
      return events.every((event) => ids.has(event.id));
    }, `${events.length} events to arrive`);
  }

  /** The dead letters of the test's own events: a new group also gives up what earlier tests left on the topic. */
  async deadLetters(bus: BusAdmin): Promise<readonly DeadLetter[]> {
    const letters = await bus.deadLetters({ topic: "task-events", group: this.group, limit: 1_000 });
    return letters.filter((letter) => this.#keys.has(letter.key));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#opened) {
      await process.bus.stop();
      await process.close();
    }
  }
}

/** Versions of the events of a key in the order in which each came first: an engine may deliver one twice. */
export function firstSeen(deliveries: readonly Delivery[], key: string): number[] {
  const versions = deliveries.filter((delivery) => delivery.key === key).map(versionOf);
  return [...new Set(versions)];
}

export function versionOf({ event }: Delivery): number {
  return "task" in event.data ? event.data.task.version : 0;
}

/** 1, 2 … n */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}
