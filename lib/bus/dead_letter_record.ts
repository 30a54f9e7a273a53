/**
 * A dead letter as it lies on `<topic>-dead` of an engine that is itself a log (Kafka). It is a CloudEvent, because not
 * everything between us and the log lets us set headers, with the original inside. Its key in the log is the original's.
 * What lies there in any other form was put aside by the engine itself, and is the original as it was.
 */
export interface DeadLetterRecord {
  /** The consumer group that gave the event up. */
  readonly group: string;
  readonly reason: string;
  readonly tries: number;
  /** RFC 3339 in UTC, as `last_failed_at`. */
  readonly first_failed_at: string;
  readonly last_failed_at: string;
  /** Where the original lay on its topic, when that is known. */
  readonly partition?: number | undefined;
  /** What lay on the topic. */
  readonly original: Uint8Array;
  /** Whether it was too large, and only its beginning is kept. */
  readonly cut?: boolean;
}

export const deadLetterType = "rondo.dead_letter.v1";

/** An attribute (CloudEvents 1.0 section 3.1.1) of a replayed event: the one group it is for. Others pass it over. */
export const replayGroupAttribute = "rondogroup";

/** Where the dead letters of a topic are kept. */
export function deadTopicOf(topic: string): string {
  return `${topic}-dead`;
}

/** Kafka takes 1 MiB with its own headers, the key, and what a sidecar adds to a CloudEvent. */
const largestRecordBytes = 1_040_000;
const largestReason = 2_000;
/** Six bytes of JSON for each byte at worst. */
const keptOfTooLarge = 150_000;

/** The text to put on the log; never more than the log takes. `id` is the record's own: a new one for each dead letter. */
export function encodeDeadLetter(id: string, letter: DeadLetterRecord): string {
  const { original, reason, last_failed_at } = letter;
  const about = {
    group: letter.group,
    reason: reason.slice(0, largestReason).toWellFormed(),
    tries: letter.tries,
    first_failed_at: letter.first_failed_at,
    last_failed_at,
    ...(letter.partition === undefined ? {} : { partition: letter.partition }),
  };
  const encode = (body: object): string =>
    JSON.stringify({
      specversion: "1.0",
      id,
      source: "/rondo/bus",
      type: deadLetterType,
      time: last_failed_at,
      datacontenttype: "application/json",
      data: { ...about, ...body },
    });
  const whole = encode(bodyOf(original));
  if (Buffer.byteLength(whole) <= largestRecordBytes && letter.cut !== true) return whole;
  const beginning = new TextDecoder().decode(original.subarray(0, keptOfTooLarge));
  return encode({ text: beginning, cut: true });
}

/** The dead letter in a record of `<topic>-dead`; undefined when it is none that `encodeDeadLetter` made. */
export function decodeDeadLetter(record: Uint8Array): DeadLetterRecord | undefined {
  const envelope = parsed(record);
  if (!isObject(envelope) || envelope.type !== deadLetterType || !isObject(envelope.data)) return undefined;
  const { group, reason, tries, first_failed_at, last_failed_at, partition, cut } = envelope.data;
  const original = originalOf(envelope.data);
  if (typeof group !== "string" || typeof reason !== "string" || typeof tries !== "number") return undefined;
  if (typeof first_failed_at !== "string" || typeof last_failed_at !== "string") return undefined;
  if (original === undefined) return undefined;
  return {
    group,
    reason,
    tries,
    first_failed_at,
    last_failed_at,
    ...(typeof partition === "number" ? { partition } : {}),
    original,
    ...(cut === true ? { cut } : {}),
  };
}

/** JSON stays readable JSON when that keeps every byte, other text a text, and anything else is base64. */
function bodyOf(original: Uint8Array): object {
  const text = textOf(original);
  if (text === undefined) return { base64: Buffer.from(original).toString("base64") };
  const event = isDeep(text) ? undefined : parsed(original);
  return event !== undefined && JSON.stringify(event) === text ? { event } : { text };
}

/** Deeper than parsers bear, ours or the sidecar's (10,000 levels). Brackets within strings count too: good enough here. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > 1_000) return true;
  }
  return false;
}

function originalOf({ event, text, base64 }: Record<string, unknown>): Uint8Array | undefined {
  if (event !== undefined) return Buffer.from(JSON.stringify(event));
  if (typeof text === "string") return Buffer.from(text);
  return typeof base64 === "string" ? Buffer.from(base64, "base64") : undefined;
}

function parsed(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
