import { type Delivery, failed, type Outcome, type Subscription } from "@rondo/bus";
import { parseEvent, type Topic } from "@rondo/event";
import { pick } from "./model.ts";

/** An event that arrived on a topic. */
export interface Published {
  readonly topic: Topic;
  readonly key: string;
  readonly id: string;
  readonly text: string;
}

export type DeliveryFate =
  | "answered"
  /** The consumer dies after its effect, before its answer. */
  | "answer lost"
  /** A consumer that was taken for dead, and the one that replaced it. */
  | "twice at once";

/** One consumer group as an engine keeps it: how far each key has come, and what was given up. */
export class Group {
  readonly #subscription: Subscription;
  readonly #log: readonly Published[];
  readonly #cursors = new Map<string, number>();
  readonly #dead: Published[] = [];

  constructor(subscription: Subscription, log: readonly Published[]) {
    this.#subscription = subscription;
    this.#log = log;
  }

  get name(): string {
    return this.#subscription.group;
  }

  get isAtEnd(): boolean {
    return this.#dead.length === 0 && this.#queues(1).length === 0;
  }

  /** Hands out the next events of every key, at most so many of each, the keys mixed by `mixing`. */
  async deliver(each: number, mixing: readonly number[], fate: DeliveryFate): Promise<void> {
    const batch = mixed(this.#queues(each), mixing);
    if (batch.length === 0) return;
    const handling = fate === "twice at once" ? [this.#handle(batch), this.#handle(batch)] : [this.#handle(batch)];
    const [outcomes = []] = await Promise.all(handling);
    if (fate !== "answer lost") this.#settle(batch, outcomes);
  }

  /** Hands out again what was handed out before, each so often, shuffled by `mixing`, in so many calls at once. */
  async repeat(copies: number, calls: number, mixing: readonly number[]): Promise<void> {
    const old = [...this.#byKey()].flatMap(([key, events]) => events.slice(0, this.#cursors.get(key) ?? 0));
    const chosen = mixing.flatMap((number) => old[number % Math.max(1, old.length)] ?? []);
    const batch = Array.from({ length: copies }, (_, turn) => [...chosen.slice(turn), ...chosen.slice(0, turn)]).flat();
    if (batch.length > 0) await Promise.all(Array.from({ length: calls }, () => this.#handle(batch)));
  }

  /** Gives up the next event of a key, as after too many tries; its key goes on. */
  park(number: number): void {
    const next = this.#queues(1).flat();
    const parked = next[number % Math.max(1, next.length)];
    if (parked === undefined) return;
    this.#dead.push(parked);
    this.#move(parked.key, 1);
  }

  /** Delivers the dead letters again, the last one first. */
  async replay(): Promise<void> {
    const dead = this.#dead.splice(0).reverse();
    if (dead.length === 0) return;
    const outcomes = await this.#handle(dead);
    for (const [index, letter] of dead.entries()) if (outcomes[index]?.result !== "done") this.#dead.push(letter);
  }

  #byKey(): Map<string, Published[]> {
    const own = this.#log.filter(({ topic }) => topic === this.#subscription.topic);
    return Map.groupBy(own, ({ key }) => key);
  }

  /** The next events of each key that has some, at most so many. */
  #queues(each: number): Published[][] {
    const queues = [...this.#byKey()].map(([key, events]) => {
      const from = this.#cursors.get(key) ?? 0;
      return events.slice(from, from + each);
    });
    return queues.filter((queue) => queue.length > 0);
  }

  /** A throw counts as `failed` for all, as the port says. */
  async #handle(batch: readonly Published[]): Promise<readonly Outcome[]> {
    try {
      const outcomes = await this.#subscription.handle(batch.map(deliveryOf));
      if (outcomes.length === batch.length) return outcomes;
      throw new Error(`${outcomes.length} outcomes for ${batch.length} deliveries`);
    } catch (error) {
      return batch.map(() => failed(String(error)));
    }
  }

  /** Each key moves up to its first event that has to be tried again; what is dropped is dead and holds nobody back. */
  #settle(batch: readonly Published[], outcomes: readonly Outcome[]): void {
    const held = new Set<string>();
    for (const [index, event] of batch.entries()) {
      const result = outcomes[index]?.result ?? "failed";
      if (result === "failed") held.add(event.key);
      if (held.has(event.key)) continue;
      if (result === "refused") this.#dead.push(event);
      this.#move(event.key, 1);
    }
  }

  #move(key: string, by: number): void {
    this.#cursors.set(key, (this.#cursors.get(key) ?? 0) + by);
  }
}

function deliveryOf({ topic, key, text }: Published): Delivery {
  const parsed = parseEvent(JSON.parse(text));
  if (!parsed.ok || !parsed.known) throw new Error(`not an event: ${text}`);
  return { topic, key, event: parsed.event, attempt: 1 };
}

/** The queues as one, each in its own order: whose turn it is is said by `mixing`, over and over. */
function mixed(queues: readonly Published[][], mixing: readonly number[]): Published[] {
  const batch: Published[] = [];
  let waiting = queues;
  for (let turn = 0; waiting.length > 0; turn += 1) {
    const [next, ...others] = pick(waiting, mixing[turn % Math.max(1, mixing.length)] ?? 0);
    if (next === undefined) return batch;
    batch.push(next);
    waiting = waiting.map((queue) => (queue[0] === next ? others : queue)).filter((queue) => queue.length > 0);
  }
  return batch;
}
