import type { Sql } from "@rondo/db";
import { parseEvent, type Topic } from "@rondo/event";
import { continueTrace, type Log } from "@rondo/telemetry";
import type { Broadcast } from "../port.ts";
import { Doorbell, pause } from "../wait.ts";
import { readHeads, readLog } from "./log_queries.ts";
import { partitions } from "./watcher.ts";

const batchSize = 500;
const lookAgainMs = 60_000;
const pauseAfterErrorMs = 300;

/** Reads a topic from its end on and calls every handler of this process; remembers nothing beyond it. */
export class Broadcaster {
  readonly #positions = new Map<number, number>();
  readonly bell = new Doorbell();
  readonly topic: Topic;
  readonly #handlers: readonly Broadcast["handle"][];
  readonly #sql: Sql;
  readonly #log: Log;

  constructor(sql: Sql, topic: Topic, handlers: readonly Broadcast["handle"][], log: Log) {
    this.#sql = sql;
    this.topic = topic;
    this.#handlers = handlers;
    this.#log = log;
  }

  /** From here on nothing is missed. */
  async begin(): Promise<void> {
    const heads = await readHeads(this.#sql, [this.topic], partitions);
    for (const { partition, head } of heads) this.#positions.set(partition, head);
  }

  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        const counts = await Promise.all(partitions.map((partition) => this.#read(partition, over)));
        if (counts.every((count) => count === 0)) await this.bell.wait(lookAgainMs, over);
      } catch (error) {
        if (!over.aborted) this.#log.warn("reading a broadcast failed", { topic: this.topic, error });
        await pause(pauseAfterErrorMs, over);
      }
    }
  }

  async #read(partition: number, over: AbortSignal): Promise<number> {
    const position = this.#positions.get(partition) ?? 0;
    const rows = await readLog(this.#sql, this.topic, partition, position, batchSize);
    for (const row of rows) {
      if (over.aborted) break;
      this.#positions.set(partition, row.id);
      this.#call(row.event);
    }
    return rows.length;
  }

  #call(value: unknown): void {
    const parsed = parseEvent(value);
    if (!parsed.ok) return;
    const { event } = parsed;
    const attributes = { "messaging.destination.name": this.topic, "messaging.message.id": event.id };
    for (const handle of this.#handlers) {
      try {
        continueTrace(event.traceparent, `hear ${event.type}`, () => handle(event), { kind: "consumer", attributes });
      } catch (error) {
        this.#log.error("a broadcast handler failed", { topic: this.topic, event_id: event.id, error });
      }
    }
  }
}
