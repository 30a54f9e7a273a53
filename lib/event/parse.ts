import { type } from "arktype";
import { contracts, isEventType } from "./contracts.ts";
import { type CloudEvent, envelopeAttributes, envelopeSchema } from "./envelope.ts";

/**
 * `unknown_type`: a well-formed event of a type that this program does not know (a newer program made it).
 * `malformed`: not an event, or one that breaks its contract. Reasons name members, never their values.
 */
export type Parsed =
  | { readonly ok: true; readonly event: CloudEvent }
  | { readonly ok: false; readonly kind: "unknown_type" | "malformed"; readonly reasons: readonly string[] };

/** The events that were found good, so that the same one is not held against its contract at each station of its way. */
const good = new WeakSet<object>();

/**
 * Reads an event: strict about the envelope, tolerant of members of `data` that it does not know, since a newer minor
 * version may add some. Extension attributes of others pass when they are strings (CloudEvents 1.0 section 3.1; a
 * sidecar adds some and dies of a `traceparent` that is not a string).
 */
export function parseEvent(value: unknown): Parsed {
  if (isGood(value)) return { ok: true, event: value };
  const envelope = envelopeSchema(value);
  if (envelope instanceof type.errors) return malformed(reasonsOf(envelope));
  const wrong = wrongExtensions(envelope);
  if (wrong.length > 0) return malformed(wrong);
  if (!isEventType(envelope.type)) {
    return { ok: false, kind: "unknown_type", reasons: [`unknown event type ${envelope.type}`] };
  }
  const data = contracts[envelope.type](envelope.data);
  if (data instanceof type.errors) return malformed(reasonsOf(data, "data."));
  if (!isChecked(envelope)) return malformed(["not an event"]);
  good.add(envelope);
  return { ok: true, event: envelope };
}

/** Events are read-only: what was good stays good. */
function isGood(value: unknown): value is CloudEvent {
  return typeof value === "object" && value !== null && good.has(value);
}

function malformed(reasons: readonly string[]): Parsed {
  return { ok: false, kind: "malformed", reasons };
}

function wrongExtensions(envelope: object): string[] {
  const wrong: string[] = [];
  for (const [name, value] of Object.entries(envelope)) {
    if (envelopeAttributes.has(name)) continue;
    if (typeof value !== "string") wrong.push(`extension attribute ${name} must be a string`);
  }
  return wrong;
}

/** arktype's own messages quote the value, which may be someone's title or note; these only say what was expected. */
function reasonsOf(errors: InstanceType<typeof type.errors>, prefix = ""): string[] {
  return errors.map((error) => {
    const path = error.path.length === 0 ? "" : error.path.join(".");
    const member = `${prefix}${path}`.replace(/\.$/, "");
    return `${member === "" ? "the event" : member} must be ${error.expected}`;
  });
}

/** Both halves have been held against their schemas by now; this ties the type to the data. */
function isChecked(envelope: typeof envelopeSchema.infer): envelope is typeof envelopeSchema.infer & CloudEvent {
  return isEventType(envelope.type);
}
