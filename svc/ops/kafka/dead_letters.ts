import {
  type DeadLetterRecord,
  deadTopicOf,
  decodeDeadLetter,
  replayGroupAttribute,
} from "@rondo/bus/dead_letter_record";
import type { OpenKafka } from "./connect.ts";
import { eventIn } from "./event_in.ts";
import { type LogRecord, type ReadOptions, readToEnd } from "./read_to_end.ts";
import type { Span } from "./spans.ts";

export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** One that nobody has replayed or dropped yet. */
export interface KeptLetter extends Omit<DeadLetterRecord, "group" | "cut"> {
  /** `<topic>-dead:<partition>:<offset>` */
  readonly id: string;
  readonly topic: string;
  /** Undefined when the engine itself put it aside, without saying for whom. */
  readonly group: string | undefined;
  readonly key: Buffer | null;
  readonly cut: boolean;
  /** Where the dead letter itself lies. */
  readonly place: Place;
  readonly timestamp: number;
}

export interface Kept {
  /** Those that were wanted, oldest first. */
  readonly letters: readonly KeptLetter[];
  /** The dead-letter topics as they were read. */
  readonly spans: readonly Span[];
  /** Every one that is not settled, wanted or not, by its id. */
  readonly places: ReadonlyMap<string, Place>;
}

/** The header of the small record that settles a dead letter of its own partition: `<partition>:<offset>`. */
export const settledHeader = "rondo-settled";

/** Reads all that lies on the dead-letter topics of `topics`; `wanted` spares the memory for the rest. */
export async function readKept(
  open: OpenKafka,
  topics: readonly string[],
  wanted: (letter: KeptLetter) => boolean,
  options?: ReadOptions,
): Promise<Kept> {
  const letters = new Map<string, KeptLetter>();
  const places = new Map<string, Place>();
  const topicOf = new Map(topics.map((topic) => [deadTopicOf(topic), topic]));
  const take = (record: LogRecord): void => {
    const settled = record.header(settledHeader);
    if (settled !== undefined) {
      letters.delete(`${record.topic}:${settled}`);
      places.delete(`${record.topic}:${settled}`);
      return;
    }
    const letter = letterIn(record, topicOf.get(record.topic) ?? record.topic);
    places.set(letter.id, letter.place);
    if (wanted(letter)) letters.set(letter.id, letter);
  };
  const spans = await readToEnd(open, [...topicOf.keys()], take, options);
  return { letters: [...letters.values()].sort((a, b) => a.timestamp - b.timestamp), spans, places };
}

function letterIn(record: LogRecord, topic: string): KeptLetter {
  const { partition, offset, timestamp, value } = record;
  // A copy: what was read comes as parts of whole answers of a broker, and one key would keep its whole answer in memory.
  const key = record.key === null ? null : Buffer.from(record.key);
  const place = { topic: record.topic, partition, offset };
  const about = { id: `${record.topic}:${partition}:${offset}`, topic, key, place, timestamp };
  const bytes = value ?? Buffer.alloc(0);
  const decoded = decodeDeadLetter(bytes);
  if (decoded !== undefined) return { ...decoded, ...about, cut: decoded.cut === true };
  const at = new Date(timestamp).toISOString();
  return {
    ...about,
    group: groupWithin(bytes),
    reason: "put aside by the engine itself, which does not say why",
    tries: 0,
    first_failed_at: at,
    last_failed_at: at,
    original: Buffer.from(bytes),
    cut: false,
  };
}

/** A replayed event says for whom it was. */
function groupWithin(bytes: Uint8Array): string | undefined {
  const group = eventIn(bytes)?.[replayGroupAttribute];
  return typeof group === "string" ? group : undefined;
}
