import type { AnyEvent, CloudEvent, Topic } from "@rondo/event";

/** What became of one published event. `unknown`: it may or may not be there; publish it again with the same id. */
export type PublishOutcome = "acknowledged" | "refused" | "unknown";

/** One event as a consumer receives it. */
export interface Delivery<Event extends AnyEvent = CloudEvent> {
  readonly topic: Topic;
  /** Ordering key: the workspace id. Events of one key arrive in the order in which they were published. */
  readonly key: string;
  readonly event: Event;
  /** 1 for the first delivery, 2 when one try has failed, … Failed tries are counted in the database, over restarts. */
  readonly attempt: number;
}

/**
 * What became of an event in a consumer. `done`: it is never delivered again. `failed`: it may succeed another time, and is tried
 * again after a pause until its tries are used up. `refused`: it can never succeed, and becomes a dead letter now. `unavailable`:
 * something that the handler needs is away, which says nothing of the event: the group pauses until it is back, and no try is
 * counted. That is believed only if the probes of the subscription agree; otherwise it counts as `failed`.
 */
export type Outcome =
  | { readonly result: "done" }
  | { readonly result: "failed"; readonly reason: string }
  | { readonly result: "refused"; readonly reason: string }
  | { readonly result: "unavailable"; readonly reason: string };

export const done: Outcome = { result: "done" };

export function failed(reason: string): Outcome {
  return { result: "failed", reason };
}

export function refused(reason: string): Outcome {
  return { result: "refused", reason };
}

export function unavailable(reason: string): Outcome {
  return { result: "unavailable", reason };
}

/** How often, and with which pauses, a delivery is tried before its event becomes a dead letter. */
export interface DeliveryPolicy {
  readonly tries: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** A handler that has not answered by then counts as `failed`. */
  readonly timeoutMs: number;
}

/** Answers one outcome per delivery, in the same order. A throw, or another number of outcomes, counts as `failed` for all of them. */
export type Handler<Event extends AnyEvent = CloudEvent> = (
  deliveries: readonly Delivery<Event>[],
) => Promise<readonly Outcome[]>;

interface SubscriptionBase {
  readonly topic: Topic;
  /** The consumer group, stable over restarts: each group sees every event, each event goes to one process of the group. */
  readonly group: string;
  /** What the group is here for, without versions: `task.completed`, `task.*`, or `*` for everything. Other events are passed over. */
  readonly types: readonly string[];
  /** At most this many deliveries in one call; 100. */
  readonly batchSize?: number;
  readonly policy?: Partial<DeliveryPolicy>;
  /**
   * What else the handler needs beside the group's database, which is always asked: rejects while that is away. Asked after each
   * failure, and a few times a second while the group pauses.
   */
  readonly probe?: () => Promise<void>;
}

/** A handler of events whose data it understands. One of a version that this program does not know is parked, alone, for a newer program. */
export interface DataSubscription extends SubscriptionBase {
  readonly reads?: "data";
  readonly handle: Handler;
}

/** A handler that needs the envelope alone, and so is given events of unknown types and versions too; their data was not checked. */
export interface EnvelopeSubscription extends SubscriptionBase {
  readonly reads: "envelope";
  readonly handle: Handler<AnyEvent>;
}

export type Subscription = DataSubscription | EnvelopeSubscription;

export interface Broadcast {
  readonly topic: Topic;
  /** Called in every process for every event published from now on, without retry. */
  readonly handle: (event: CloudEvent) => void;
  /**
   * Called when every event from now on is heard: at the latest when `start` has returned, unless the engine is away. Called again
   * when events were missed since, for the engine did not keep them long enough.
   */
  readonly begin?: () => void;
}

export interface DeadLetter {
  readonly id: string;
  readonly topic: Topic;
  readonly group: string;
  readonly key: string;
  readonly event: unknown;
  readonly reason: string;
  readonly tries: number;
  readonly first_failed_at: string;
  readonly last_failed_at: string;
}

/** Everything that services know of the engine that carries events. One suite (`semantics.ts`) states what it must do. */
export interface Bus {
  /**
   * One outcome per event, in the same order. Never throws for an engine that is away: that is `unknown`. Types and topics
   * that this program does not know are taken too, for an old relay passes on events of a newer program.
   */
  publish(topic: string, events: readonly AnyEvent[]): Promise<readonly PublishOutcome[]>;
  /**
   * Which keys share their fate: while those of one number cannot be published, those of another may. Without it, all keys of a topic do.
   * A publisher keeps them apart, so that one partition without a leader holds back no other.
   */
  lane?(key: string): number;
  /** To be called before `start`. */
  subscribe(subscription: Subscription): void;
  /** To be called before `start`. */
  broadcast(broadcast: Broadcast): void;
  start(): Promise<void>;
  /** Stops taking deliveries, waits for the handlers under way, and keeps the cursors. */
  stop(): Promise<void>;
}

/** What an operator asks of the engine. */
export interface BusAdmin {
  /** Events published and not yet consumed by the group, those that are parked included. */
  lag(topic: Topic, group: string): Promise<number>;
  deadLetters(options?: { topic?: Topic; group?: string; limit?: number }): Promise<readonly DeadLetter[]>;
  /** Delivers the dead letters again, to the group that gave them up; answers how many. */
  replay(ids: readonly string[]): Promise<number>;
  /** Forgets them; answers how many. */
  drop(ids: readonly string[]): Promise<number>;
}
