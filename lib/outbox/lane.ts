import type { Bus } from "@rondo/bus";
import type { LoadedRow, Loader } from "./loader.ts";
import type { Progress } from "./progress.ts";
import { type Answered, publishRows } from "./publish.ts";
import { type Portion, RowQueue } from "./row_queue.ts";
import { Track } from "./track.ts";

export interface LaneOptions {
  readonly topic: string;
  readonly bus: Bus;
  readonly loader: Loader;
  readonly progress: Progress;
  /** Most of it in one call of the bus. */
  readonly portion: Portion;
}

/** What became of the rows of one call. Those that are not named wait. */
export interface Settled {
  /** Acknowledged by all of their topics; when their events happened: RFC 3339. */
  readonly published: readonly string[];
  /** To be set aside. */
  readonly refused: readonly { readonly id: number; readonly reason: string }[];
  /** The ids of both, and of those that somebody else has taken away. */
  readonly gone: readonly number[];
  /** Nothing was acknowledged that could have been. */
  readonly failed: boolean;
}

/** So many rows of a key that is held go into one call: it may be stuck, and others wait beside it. */
const perHeldKey = 20;

/**
 * One way to the engine: the events of one topic whose keys share their fate, in order for each key. An event whose outcome is unknown
 * holds its own key: what follows of the key waits behind it, and is tried again in calls of their own, beside those for the others.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #flow = new RowQueue();
  readonly #held = new Map<string, RowQueue>();
  readonly #tracks: readonly Track<Settled>[] = [
    new Track(
      () => this.#flow.size > 0,
      () => this.#publishFlow(),
    ),
    new Track(
      () => this.#held.size > 0,
      () => this.#publishHeld(),
    ),
  ];

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#flow.size === 0 && this.#held.size === 0;
  }

  /** When something is due next, in milliseconds. */
  get dueAt(): number {
    return Math.min(...this.#tracks.map(({ dueAt }) => dueAt));
  }

  push(id: number, bytes: number): void {
    this.#flow.push(id, bytes);
  }

  /** Begins the calls that are due, each of which goes on beside the other. */
  start(now: number): readonly Promise<Settled>[] {
    return this.#tracks.flatMap((track) => track.start(now) ?? []);
  }

  async #publishFlow(): Promise<Settled> {
    const { ids } = this.#flow.peek(this.#options.portion);
    const loaded = await this.#options.loader.load(ids);
    const free: LoadedRow[] = [];
    for (const id of ids) {
      const row = loaded.get(id);
      const held = row && this.#held.get(row.key);
      if (held !== undefined) held.push(id, row?.bytes ?? 0);
      else if (row !== undefined) free.push(row);
    }
    this.#flow.drop(ids.length);
    const answered = await publishRows(this.#options.bus, this.#options.topic, free);
    for (const row of answered.unknown) this.#hold(row);
    return this.#settle(ids, loaded, answered);
  }

  #hold({ key, id, bytes }: LoadedRow): void {
    const queue = this.#held.get(key) ?? new RowQueue();
    queue.push(id, bytes);
    this.#held.set(key, queue);
  }

  /** The oldest rows of each key that is held, as far as they fit. */
  async #publishHeld(): Promise<Settled> {
    const { topic, bus, loader, portion } = this.#options;
    const chosen: { readonly key: string; readonly queue: RowQueue; readonly ids: readonly number[] }[] = [];
    let [rowsLeft, bytesLeft] = [portion.rows, portion.bytes];
    for (const [key, queue] of this.#held) {
      if (rowsLeft <= 0 || bytesLeft <= 0) break;
      const { ids, bytes } = queue.peek({ rows: Math.min(rowsLeft, perHeldKey), bytes: bytesLeft });
      chosen.push({ key, queue, ids });
      rowsLeft -= ids.length;
      bytesLeft -= bytes;
    }
    const ids = chosen.flatMap((one) => one.ids);
    const loaded = await loader.load(ids);
    const rows = ids.flatMap((id) => loaded.get(id) ?? []);
    const answered = await publishRows(bus, topic, rows);
    const again = new Set(answered.unknown.map(({ id }) => id));
    for (const { key, queue, ids: tried } of chosen) {
      queue.drop(tried.length, (id) => again.has(id));
      // Behind the others, for it has had its turn.
      this.#held.delete(key);
      if (queue.size > 0) this.#held.set(key, queue);
    }
    return this.#settle(ids, loaded, answered);
  }

  async #settle(
    ids: readonly number[],
    loaded: ReadonlyMap<number, LoadedRow>,
    { acknowledged, refused, unknown }: Answered,
  ): Promise<Settled> {
    const done = await this.#options.progress.acknowledged(this.#options.topic, acknowledged);
    const missing = ids.filter((id) => !loaded.has(id));
    return {
      published: done.map(({ outgoing }) => outgoing.event.time),
      refused,
      gone: [...done.map(({ id }) => id), ...refused.map(({ id }) => id), ...missing],
      failed: unknown.length > 0 && acknowledged.length + refused.length === 0,
    };
  }
}
