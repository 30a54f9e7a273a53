/** One record of the log, as the sidecar hands it over. */
export interface Entry {
  /** Its name within the call. */
  readonly id: string;
  readonly partition: number;
  readonly offset: number;
  /** Records that others put there may have none. */
  readonly key: string | undefined;
  /** What lies on the log, to the byte. */
  readonly bytes: Uint8Array;
}

/** A call of the sidecar: some records of one partition, in their order. */
export interface Call {
  /** The component whose consumer group they are for. */
  readonly pubsub: string;
  readonly entries: readonly Entry[];
  /** Whether the answer names each entry, or is for the only one. */
  readonly bulk: boolean;
}

/**
 * Reads what a subscription with `rawPayload` brings: many records in Dapr's bulk envelope, or one as a CloudEvent that
 * Dapr wrapped around it. Undefined for anything else, such as the envelopes of a subscription without `rawPayload`.
 */
export function readCall(body: unknown, headers: Headers): Call | undefined {
  if (!isObject(body) || typeof body.pubsubname !== "string") return undefined;
  const pubsub = body.pubsubname;
  if (!Array.isArray(body.entries)) {
    const entry = readEntry("", body.data_base64, (name) => headers.get(name) ?? undefined);
    return entry && { pubsub, entries: [entry], bulk: false };
  }
  const entries: Entry[] = [];
  for (const item of body.entries) {
    if (!isObject(item) || typeof item.entryId !== "string" || !isObject(item.metadata)) return undefined;
    const { metadata } = item;
    const entry = readEntry(item.entryId, item.event, (name) => metadata[name]);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return { pubsub, entries, bulk: true };
}

function readEntry(id: string, content: unknown, about: (name: string) => unknown): Entry | undefined {
  const [partition, offset, key] = [numberOf(about("__partition")), numberOf(about("__offset")), about("__key")];
  if (typeof content !== "string" || partition === undefined || offset === undefined) return undefined;
  return {
    id,
    partition,
    offset,
    key: typeof key === "string" ? key : undefined,
    bytes: Buffer.from(content, "base64"),
  };
}

function numberOf(text: unknown): number | undefined {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What the sidecar is told of an entry. Never DROP: after a retry the sidecar looks up the wrong record for it, or none, and dies. */
export type Status = "SUCCESS" | "RETRY";

/** Dapr's answer to a call. */
export function answerTo(call: Call, settled: ReadonlySet<Entry>): object {
  const statusOf = (entry: Entry): Status => (settled.has(entry) ? "SUCCESS" : "RETRY");
  if (call.bulk) return { statuses: call.entries.map((entry) => ({ entryId: entry.id, status: statusOf(entry) })) };
  return { status: call.entries.every((entry) => settled.has(entry)) ? "SUCCESS" : "RETRY" };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
