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
  if (!envelopeSchema.allows(value)) return malformed(reasonsAgainst(envelopeSchema, value));
  const wrong = wrongExtensions(value);
  if (wrong.length > 0) return malformed(wrong);
  if (!isEventType(value.type)) {
    return { ok: false, kind: "unknown_type", reasons: [`unknown event type ${value.type}`] };
  }
  const contract = contracts[value.type];
  if (!contract.allows(value.data)) return malformed(reasonsAgainst(contract, value.data, "data."));
  if (!isChecked(value)) return malformed(["not an event"]);
  good.add(value);
  return { ok: true, event: value };
}

/** Events are read-only: what was good stays good. */
function isGood(value: unknown): value is CloudEvent {
  return typeof value === "object" && value !== null && good.has(value);
}

function malformed(reasons: readonly string[]): Parsed {
  return { ok: false, kind: "malformed", reasons };
}

function wrongExtensions(envelope: Readonly<Record<string, unknown>>): string[] {
  const wrong: string[] = [];
  for (const name of Object.keys(envelope)) {
    if (envelopeAttributes.has(name) || typeof envelope[name] === "string") continue;
    wrong.push(`extension attribute ${name} must be a string`);
  }
  return wrong;
}

/**
 * What a value that the schema does not allow lacks: asked for only then, because to collect reasons takes three times as long as to
 * find that there are none. arktype's own messages quote the value, which may be someone's title or note; these only say what was expected.
 */
function reasonsAgainst(schema: type.Any, value: unknown, prefix = ""): string[] {
  const errors: unknown = schema(value);
  if (!(errors instanceof type.errors)) return [];
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
