import type { Bus } from "@rondo/bus";
import type { Sql } from "@rondo/db";
import { Lane, type Settled } from "./lane.ts";
import { Loader } from "./loader.ts";
import { Progress } from "./progress.ts";
import { setAside } from "./queries.ts";
import { Reader } from "./reader.ts";

export interface RelayStepOptions {
  readonly sql: Sql;
  /** The schema whose outbox is emptied. */
  readonly schema: string;
  readonly bus: Bus;
  /** Most events in one call to the bus. */
  readonly batchSize: number;
}

/** What became of the events of a call, or of several. */
export interface StepResult {
  /** When each event happened that all of its topics have now acknowledged: RFC 3339. */
  readonly published: readonly string[];
  readonly refused: number;
}

const readAtOnce = 1_000;
/** Most bytes of events in one call to the bus, unless one alone is larger. */
const callBytes = 500_000;

/**
 * The relay without its clock and its place: it reads what was appended and hands each event to the lanes of its topics, which publish side
 * by side and do not wait for each other. What it keeps in mind is lost when the process dies; the outbox has it all.
 *
 * Moments are in milliseconds, of a clock that only goes forward.
 */
export class RelayStep {
  readonly #options: RelayStepOptions;
  readonly #reader: Reader;
  readonly #loader: Loader;
  readonly #progress: Progress;
  readonly #lanes = new Map<string, Lane>();

  constructor(options: RelayStepOptions) {
    const { sql, schema } = options;
    this.#options = options;
    this.#reader = new Reader(sql, schema, readAtOnce);
    this.#loader = new Loader(sql, schema);
    this.#progress = new Progress(sql, schema);
  }

  /** Everything that was read is published, or set aside. */
  get isEmpty(): boolean {
    return [...this.#lanes.values()].every((lane) => lane.isEmpty);
  }

  /** When a lane has something to do next; infinite when all wait for what is under way, or for nothing. */
  get dueAt(): number {
    return Math.min(...[...this.#lanes.values()].map((lane) => lane.dueAt));
  }

  /** Hands what is new to the lanes. @returns how many rows were read, and whether there may be more */
  async read(now: number): Promise<{ readonly read: number; readonly refused: number; readonly more: boolean }> {
    const { rows, refused, more } = await this.#reader.next(now);
    for (const { id, key, topics, bytes } of rows) for (const topic of topics) this.#laneOf(topic, key).push(id, bytes);
    await this.#progress.keep(now);
    return { read: rows.length + refused, refused, more };
  }

  /** Begins the calls that are due. A lane whose call is under way begins none. */
  start(now: number): readonly Promise<StepResult>[] {
    return [...this.#lanes.values()].flatMap((lane) => lane.start(now)).map((call) => this.#finish(call));
  }

  /** One step of all lanes, to its end. @returns how many events were read, or still wait */
  async step(now: number): Promise<number> {
    const { read } = await this.read(now);
    await Promise.all(this.start(now));
    return this.isEmpty ? read : Math.max(1, read);
  }

  async #finish(call: Promise<Settled>): Promise<StepResult> {
    const { published, refused, gone } = await call;
    await setAside(this.#options.sql, this.#options.schema, refused);
    this.#reader.gone(gone);
    return { published, refused: refused.length };
  }

  #laneOf(topic: string, key: string): Lane {
    const { bus, batchSize } = this.#options;
    const name = `${topic} ${bus.lane?.(key) ?? 0}`;
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const portion = { rows: batchSize, bytes: callBytes };
    const lane = new Lane({ topic, bus, loader: this.#loader, progress: this.#progress, portion });
    this.#lanes.set(name, lane);
    return lane;
  }
}
