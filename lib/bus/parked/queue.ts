import type { Topic } from "@rondo/event";
import { storable } from "../storable.ts";

/** A consumer group of one topic: what is parked belongs to one. */
export interface GroupOfTopic {
  readonly topic: Topic;
  readonly group: string;
}

/** An event to be parked. `tries` is 0 for one that was not tried by itself yet. */
export interface NewParked {
  /** Events of one queue are tried one after the other, in the order in which they were parked. */
  readonly queue: string;
  readonly key: string;
  readonly partition: number;
  /** As JSON. */
  readonly event: string;
  /** The type of an event that is set aside, for a program that knows its version. */
  readonly unknown_type: string | null;
  readonly tries: number;
  readonly reason: string | null;
  /** Until the queue is tried; counts when the event is the first of it. */
  readonly pause_ms: number;
}

/** The queue of a key: its later events wait behind those that are parked. */
export function queueOfKey(key: string): string {
  return `key ${storable(key)}`;
}

/** The queue of an event that waits alone and holds nobody back. */
export function queueOfEvent(id: string): string {
  return `event ${id}`;
}
