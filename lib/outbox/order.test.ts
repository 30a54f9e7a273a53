import { afterAll, beforeAll, expect, test } from "bun:test";
import type { AnyEvent, CloudEvent } from "@rondo/event";
import { newId, type TestDatabase } from "@rondo/testing";
import fc from "fast-check";
import { append, eventsOf, schema, scriptedBus, workDatabase } from "./outbox.fixture.ts";
import { RelayStep } from "./relay_step.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await workDatabase();
}, 60_000);
afterAll(() => database.close());

/** Of which key nothing is taken. */
type Away = "none" | "all" | 0 | 1;

type Act =
  | { readonly act: "append"; readonly key: number }
  | { readonly act: "begin"; readonly slot: number; readonly key: number }
  | { readonly act: "commit"; readonly slot: number }
  | { readonly act: "step"; readonly afterMs: number; readonly away: Away };

const key = fc.nat(1);
const slot = fc.nat(2);
const stepping = fc.record({
  act: fc.constant("step" as const),
  afterMs: fc.constantFrom(0, 1, 20, 500, 999, 1_000, 1_001, 5_000, 6_000),
  away: fc.constantFrom<Away>("none", "none", "none", "all", 0, 1),
});
const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant("append" as const), key }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("begin" as const), slot, key }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("commit" as const), slot }) },
  { weight: 4, arbitrary: stepping },
);

/** Somebody who appends an event and commits later. */
class SlowWriter {
  readonly #free = Promise.withResolvers<void>();
  readonly #taken = Promise.withResolvers<void>();
  readonly #done: Promise<void>;

  constructor(event: CloudEvent) {
    this.#done = database.db.transaction(async (tx) => {
      await append(tx, event);
      this.#taken.resolve();
      await this.#free.promise;
    });
    this.#done.catch(this.#taken.reject);
  }

  readonly appended = (): Promise<void> => this.#taken.promise;

  async commit(): Promise<void> {
    this.#free.resolve();
    await this.#done;
  }
}

/** What a correct relay may never do: publish an event before one of its key that was committed before it was appended. */
class History {
  readonly #began = new Map<string, number>();
  readonly #committed = new Map<string, number>();
  readonly #events = new Map<string, CloudEvent>();
  readonly published = new Set<string>();
  #moment = 0;

  appending(event: CloudEvent): void {
    this.#events.set(event.id, event);
    this.#began.set(event.id, this.#moment++);
  }

  committed({ id }: CloudEvent): void {
    this.#committed.set(id, this.#moment++);
  }

  get waiting(): number {
    return [...this.#committed.keys()].filter((id) => !this.published.has(id)).length;
  }

  publish(event: AnyEvent): void {
    const began = this.#began.get(event.id) ?? 0;
    for (const [id, committed] of this.#committed) {
      const sameKey = this.#events.get(id)?.workspaceid === event.workspaceid;
      if (sameKey && committed < began && !this.published.has(id)) throw new Error("published before an earlier one");
    }
    this.published.add(event.id);
  }
}

test("whatever the clock says and whoever commits late, an event is published after all that its key had before it", async () => {
  const property = fc.asyncProperty(fc.array(acts, { minLength: 4, maxLength: 40, size: "max" }), async (plan) => {
    const { sql } = database;
    await sql`truncate work.outbox`;
    const history = new History();
    const keys = [newId(), newId()];
    const events = keys.map((id) => eventsOf(id, 40).values());
    const writers = new Map<number, { writer: SlowWriter; event: CloudEvent }>();
    let away: Away = "none";
    const failures: unknown[] = [];
    const { bus } = scriptedBus((topic, event) => {
      if (topic !== "task-events") return "acknowledged";
      if (away === "all" || event.workspaceid === keys[Number(away)]) return "unknown";
      try {
        history.publish(event);
      } catch (error) {
        failures.push(error);
      }
      return "acknowledged";
    });
    const relay = new RelayStep({ sql, schema, bus, batchSize: 2 });
    let now = 0;
    const nextOf = (number: number): CloudEvent => {
      const { value } = events[number]?.next() ?? {};
      if (value === undefined) throw new Error("an event");
      history.appending(value);
      return value;
    };
    const commit = async (number: number): Promise<void> => {
      const open = writers.get(number);
      writers.delete(number);
      await open?.writer.commit();
      if (open !== undefined) history.committed(open.event);
    };
    const acting = {
      append: async ({ key }: Extract<Act, { act: "append" }>) => {
        const event = nextOf(key);
        await append(sql, event);
        history.committed(event);
      },
      begin: async ({ slot, key }: Extract<Act, { act: "begin" }>) => {
        await commit(slot);
        const event = nextOf(key);
        const writer = new SlowWriter(event);
        await writer.appended();
        writers.set(slot, { writer, event });
      },
    };
    try {
      for (const act of plan) {
        if (act.act === "append") await acting.append(act);
        else if (act.act === "begin") await acting.begin(act);
        else if (act.act === "commit") await commit(act.slot);
        else {
          now += act.afterMs;
          away = act.away;
          await relay.step(now);
        }
      }
    } finally {
      for (const number of [...writers.keys()]) await commit(number);
    }
    away = "none";
    for (let turn = 0; turn < 60 && history.waiting > 0; turn += 1) {
      now += 2_000;
      await relay.step(now);
    }
    expect(failures).toEqual([]);
    expect(history.waiting).toBe(0);
  });
  await fc.assert(property, { numRuns: 100 });
}, 120_000);
