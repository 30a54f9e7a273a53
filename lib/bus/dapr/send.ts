import type { Sidecar } from "@rondo/sidecar";
import type { Log } from "@rondo/telemetry";
import { laneOf } from "./lane.ts";
import { splitFirst, type WarmUpGate } from "./warm_up_gate.ts";

/** What to put on the log, as it is. */
export interface Message {
  readonly text: string;
  /** Messages of one key come to one partition and keep their order. */
  readonly key?: string | undefined;
  /** A partition of its own choice. */
  readonly partition?: number;
}

export interface Sender {
  readonly sidecar: Sidecar;
  readonly log: Log;
  /** For one call. */
  readonly timeoutMs: number;
  readonly warmUp: WarmUpGate;
}

const largestCallBytes = 1_000_000;
const largestCallCount = 500;

/** Puts messages on a topic, in their order. @returns for each whether the log has acknowledged it; else that is unknown. Never throws. */
export async function send(
  sender: Sender,
  pubsub: string,
  topic: string,
  messages: readonly Message[],
): Promise<readonly boolean[]> {
  const lanes = lanesOf(topic, messages);
  const { first, behind } = sender.warmUp.isClear(lanes) ? { first: [], behind: messages } : splitFirst(messages);
  const taken = new Set<Message>();
  for (const part of [...partsOf(first), ...partsOf(behind)]) {
    const acknowledged = await sendPart(sender, pubsub, topic, part);
    part.forEach((message, index) => {
      if (acknowledged[index]) taken.add(message);
    });
    const all = !acknowledged.includes(false);
    sender.warmUp.note(lanes, all);
    // What follows must not come before what has to be sent again.
    if (!all) break;
  }
  return messages.map((message) => taken.has(message));
}

/** A partition without a leader says nothing about the others. */
function lanesOf(topic: string, messages: readonly Message[]): ReadonlySet<string> {
  return new Set(messages.map(({ key, partition }) => `${topic} ${partition ?? laneOf(key ?? "")}`));
}

function partsOf(messages: readonly Message[]): readonly (readonly Message[])[] {
  const parts: Message[][] = [];
  let part: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.text);
    if (part.length === largestCallCount || (part.length > 0 && bytes + size > largestCallBytes)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += size;
  }
  return part.length === 0 ? parts : [...parts, part];
}

/** `rawPayload` and text: the sidecar neither reads nor rewrites what it carries, and nothing in it can kill it. */
async function sendPart(sender: Sender, pubsub: string, topic: string, part: readonly Message[]): Promise<boolean[]> {
  const path = `/v1.0-alpha1/publish/bulk/${encodeURIComponent(pubsub)}/${encodeURIComponent(topic)}?metadata.rawPayload=true`;
  try {
    const answer = await sender.sidecar.request(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(part.map(entryOf)),
      timeoutMs: sender.timeoutMs,
    });
    if (answer.ok) return part.map(() => true);
    const body: unknown = await answer.json().catch(() => undefined);
    const failed = failedOf(body, part.length) ?? part.map((_, index) => index);
    const about = {
      topic,
      messages: part.length,
      failed: failed.length,
      status: answer.status,
      code: memberOf(body, "errorCode"),
    };
    sender.log.warn("publishing failed; it is unknown what arrived", about);
    return acknowledgedOf(part, new Set(failed));
  } catch (error) {
    sender.log.warn("publishing failed; it is unknown what arrived", { topic, messages: part.length, error });
    return part.map(() => false);
  }
}

/** All metadata of an entry become Kafka headers: the content type is that of the structured mode of CloudEvents (Kafka binding 1.0.2 section 3.3). */
function entryOf({ text, key, partition }: Message, index: number): object {
  return {
    entryId: String(index),
    event: text,
    contentType: "text/plain",
    metadata: {
      "content-type": "application/cloudevents+json; charset=utf-8",
      ...(key === undefined ? {} : { partitionKey: key }),
      ...(partition === undefined ? {} : { partitionNumber: String(partition) }),
    },
  };
}

/** After the first failure of a key its later messages count as unknown too: sent again, they come behind it. */
function acknowledgedOf(part: readonly Message[], failed: ReadonlySet<number>): boolean[] {
  const broken = new Set<string | undefined>();
  return part.map(({ key }, index) => {
    if (failed.has(index)) broken.add(key);
    return !failed.has(index) && !broken.has(key);
  });
}

/** Which entries an answer names as failed; undefined when it does not name any of them, for then nothing is known of any. */
function failedOf(body: unknown, count: number): number[] | undefined {
  const named = memberOf(body, "failedEntries");
  if (!Array.isArray(named) || named.length === 0) return undefined;
  const failed = named.map((entry: unknown) => Number(memberOf(entry, "entryId") ?? Number.NaN));
  return failed.every((index) => Number.isInteger(index) && index >= 0 && index < count) ? failed : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}
