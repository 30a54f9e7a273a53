import { type AnyEvent, parseEvent } from "@rondo/event";
import { replayGroupAttribute } from "./dead_letter_record.ts";

/** What lies on a log at some place. `known`: this program knows the type and has checked the data. */
export type Content =
  | { readonly is: "event"; readonly event: AnyEvent; readonly known: boolean }
  | { readonly is: "unreadable"; readonly reason: string }
  /** A replayed event that another group had given up, or the mark of a listener. */
  | { readonly is: "addressed"; readonly recipient: string };

/** @param group the one that reads: what is addressed to it, it can read */
export function readBytes(bytes: Uint8Array, group: string): Content {
  const value = jsonOf(bytes);
  if (value === undefined) return { is: "unreadable", reason: "this is no JSON in UTF-8: an event must be" };
  const recipient = recipientOf(value);
  return recipient === undefined || recipient === group ? readValue(value) : { is: "addressed", recipient };
}

export function readValue(value: unknown): Content {
  const parsed = parseEvent(value);
  if (!parsed.ok) return { is: "unreadable", reason: parsed.reasons.join("; ") };
  return { is: "event", event: parsed.event, known: parsed.known };
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
