import { type CloudEvent, parseEvent } from "@rondo/event";
import { replayGroupAttribute } from "../dead_letter_record.ts";
import type { Entry } from "./envelope.ts";

/** What a record turns out to be for a group. `foreign`: a replayed event that another group had given up. */
export type Content =
  | { readonly kind: "event"; readonly event: CloudEvent }
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "foreign"; readonly recipient: string };

export function readContent(bytes: Uint8Array, group: string): Content {
  const value = jsonOf(bytes);
  if (value === undefined) return { kind: "unreadable", reason: "this is no JSON in UTF-8: an event must be" };
  const recipient = recipientOf(value);
  if (recipient !== undefined && recipient !== group) return { kind: "foreign", recipient };
  const parsed = parseEvent(value);
  if (!parsed.ok) return { kind: "unreadable", reason: parsed.reasons.join("; ") };
  if (!parsed.known) return { kind: "unreadable", reason: `unknown event type ${parsed.event.type}` };
  return { kind: "event", event: parsed.event };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

function recipientOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const recipient = new Map(Object.entries(value)).get(replayGroupAttribute);
  return typeof recipient === "string" ? recipient : undefined;
}

/** A record on its way through a group. `dead`: given up, and not among the dead letters yet. */
export interface Item {
  readonly offset: number;
  readonly key: string | undefined;
  /** Of the record's bytes: the same offset of a topic that was made anew is another record. */
  readonly print: number | bigint;
  /** Forgotten once it is settled. */
  bytes: Uint8Array;
  event: CloudEvent | undefined;
  state: "open" | "dead" | "settled";
  tries: number;
  /** `performance.now()` before which it is not tried again. */
  dueAt: number;
  failure: { reason: string; readonly first_failed_at: string; last_failed_at: string } | undefined;
}

export function itemOf({ offset, key, bytes }: Entry, group: string): Item {
  const content = readContent(bytes, group);
  const item: Item = {
    offset,
    key,
    print: Bun.hash(bytes),
    bytes,
    event: content.kind === "event" ? content.event : undefined,
    state: "open",
    tries: 0,
    dueAt: 0,
    failure: undefined,
  };
  if (content.kind === "foreign") settle(item);
  if (content.kind === "unreadable") giveUp(item, content.reason);
  return item;
}

export function settle(item: Item): void {
  item.state = "settled";
  item.bytes = nothing;
  item.event = undefined;
}

const nothing = new Uint8Array();

export function giveUp(item: Item, reason: string): void {
  noteFailure(item, reason);
  item.state = "dead";
}

export function failed(item: Item, reason: string, pauseMs: number): void {
  noteFailure(item, reason);
  item.dueAt = performance.now() + pauseMs;
}

function noteFailure(item: Item, reason: string): void {
  const now = new Date().toISOString();
  item.failure = { reason, first_failed_at: item.failure?.first_failed_at ?? now, last_failed_at: now };
}
