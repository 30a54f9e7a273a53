import type { Bus, PublishOutcome, Subscription } from "@rondo/bus";
import type { CloudEvent, Topic } from "@rondo/event";
import { Group, type Published } from "./group.ts";

/** The process in which it is thrown is gone: nothing that it would have done next is done. */
export class ProcessDied extends Error {}

/** What becomes of a call of `publish`. */
export interface PublishFate {
  /** How many of its events arrive now, from the first one on. */
  readonly arriving: number;
  /** Whether the others are still on their way, to arrive when nobody expects them any more, or are lost. */
  readonly rest: "late" | "lost";
  /** `death`: the publisher dies after what arrived, before it hears of it. */
  readonly answer: "truth" | "unknown" | "death";
  /** By bits, modulo 8: events that arrive and are yet answered with unknown. */
  readonly doubted: number;
  /** The place of an event that is refused; -1 for none. */
  readonly refused: number;
}

export type Fates = Readonly<Partial<Record<Topic, PublishFate | undefined>>>;

const well: PublishFate = {
  arriving: Number.POSITIVE_INFINITY,
  rest: "lost",
  answer: "truth",
  doubted: 0,
  refused: -1,
};
const nothing: PublishFate = { ...well, arriving: 0 };

/** An engine that does everything that the port allows, when it is told to. It outlives the processes that use it. */
export class BusDouble implements Bus {
  /** Everything that ever arrived, in its order. */
  readonly log: Published[] = [];
  readonly groups: Group[] = [];
  /** Ids of events that were refused at some time: these come when an operator releases them, or a later relay tries them. */
  readonly refused = new Set<string>();
  away = false;
  readonly #late: (readonly [Topic, CloudEvent])[] = [];
  #fates: Fates = {};

  /** The fate of all calls until the next word; without one, a topic takes what it gets. */
  destine(fates: Fates): void {
    this.#fates = fates;
  }

  async publish(topic: Topic, events: readonly CloudEvent[]): Promise<readonly PublishOutcome[]> {
    const fate = this.away ? nothing : (this.#fates[topic] ?? well);
    const outcomes = events.map((event, index) => this.#take(topic, event, index, fate));
    if (fate.answer === "death") throw new ProcessDied("the publisher");
    if (fate.answer === "unknown") return events.map(() => "unknown" as const);
    return outcomes;
  }

  #take(topic: Topic, event: CloudEvent, index: number, fate: PublishFate): PublishOutcome {
    if (index === fate.refused) {
      this.refused.add(event.id);
      return "refused";
    }
    if (index < fate.arriving) {
      this.#arrive(topic, event);
      return (fate.doubted >> (index % 8)) & 1 ? "unknown" : "acknowledged";
    }
    if (fate.rest === "late") this.#late.push([topic, event]);
    return "unknown";
  }

  #arrive(topic: Topic, event: CloudEvent): void {
    this.log.push({ topic, key: event.workspaceid, id: event.id, text: JSON.stringify(event) });
  }

  /** Two lanes, so that keys of both kinds meet every fate. */
  lane(key: string): number {
    return key.charCodeAt(key.length - 1) % 2;
  }

  /** What was on its way for so long arrives after all. */
  arriveLate(): void {
    for (const [topic, event] of this.#late.splice(0)) this.#arrive(topic, event);
  }

  heal(): void {
    this.away = false;
    this.arriveLate();
  }

  subscribe(subscription: Subscription): void {
    this.groups.push(new Group(subscription, this.log));
  }

  broadcast(): void {
    throw new Error("nobody listens to broadcasts here");
  }

  async start(): Promise<void> {
    throw new Error("each step is asked for");
  }

  async stop(): Promise<void> {
    throw new Error("there is nothing that runs");
  }
}
