import { type } from "arktype";
import { contractOf, isEventType } from "./contracts.ts";
import { type AnyEvent, type CloudEvent, envelopeAttributes, envelopeSchema } from "./envelope.ts";

/**
 * What a value turned out to be. `known: false`: a well-formed event of a type or version that this program does not know, made by
 * a newer program; its data was not looked at. `ok: false`: not an event, or one that breaks its contract. Reasons name
 * members, never their values.
 */
export type Parsed =
  | { readonly ok: true; readonly known: true; readonly event: CloudEvent }
  | { readonly ok: true; readonly known: false; readonly event: AnyEvent }
  | Malformed;

interface Malformed {
  readonly ok: false;
  readonly reasons: readonly string[];
}

/** Events that were checked already, so that the same one is not held against its contract by relay, publisher and consumer in turn. */
const checked = new WeakSet<object>();

/**
 * Reads an event: first its envelope, strictly, then, where the type is known, its data. Members of `data` that it does not know
 * pass, since a newer minor version may add some. Extension attributes of others pass when they are strings (CloudEvents 1.0
 * section 3.1; a sidecar adds some and dies of a `traceparent` that is not a string).
 */
export function parseEvent(value: unknown): Parsed {
  if (isChecked(value)) return { ok: true, known: true, event: value };
  const envelope = parseEnvelope(value);
  if (!envelope.ok) return envelope;
  const { event } = envelope;
  if (!isEventType(event.type)) return { ok: true, known: false, event };
  const { schema } = contractOf(event.type);
  if (!schema.allows(event.data)) return malformed(reasonsAgainst(schema, event.data, "data."));
  checked.add(event);
  return isChecked(event) ? { ok: true, known: true, event } : malformed(["not an event"]);
}

/** Only the envelope, for whoever hands an event on and need not know what it says. */
export function parseEnvelope(value: unknown): { readonly ok: true; readonly event: AnyEvent } | Malformed {
  if (isChecked(value)) return { ok: true, event: value };
  if (!envelopeSchema.allows(value)) return malformed(reasonsAgainst(envelopeSchema, value));
  const wrong = wrongExtensions(value);
  return wrong.length > 0 ? malformed(wrong) : { ok: true, event: value };
}

/** Events are read-only: what passed once stays good. */
function isChecked(value: unknown): value is CloudEvent {
  return typeof value === "object" && value !== null && checked.has(value);
}

function malformed(reasons: readonly string[]): Malformed {
  return { ok: false, reasons };
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
