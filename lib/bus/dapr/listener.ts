import { pause } from "@rondo/coordination";
import type { Topic } from "@rondo/event";
import type { Log } from "@rondo/telemetry";
import { readBytes } from "../content.ts";
import { replayGroupAttribute } from "../dead_letter_record.ts";
import { hear } from "../hear.ts";
import { partitionsPerTopic } from "../partition.ts";
import type { Broadcast } from "../port.ts";
import type { Entry } from "./envelope.ts";
import { type Sender, send } from "./send.ts";

const firstPauseMs = 150;
const longestPauseMs = 5_000;

/**
 * The broadcasts of one topic, in this process. Where its log begins for us, only the log can say: clocks differ, the
 * sidecar needs a moment to find its place, and a process that comes back is brought what it missed. So we put a mark of
 * our own on each partition and hear nothing of it before our mark has come back. Like a replayed event a mark is
 * addressed, so that groups on the same topic pass it over.
 */
export class Listener {
  readonly pubsub: string;
  readonly topic: Topic;
  readonly #name = `listener-${crypto.randomUUID()}`;
  readonly #deaf = new Set(Array.from({ length: partitionsPerTopic }, (_, partition) => partition));
  readonly #handlers: Broadcast["handle"][] = [];
  readonly #log: Log;
  readonly #all = Promise.withResolvers<void>();

  constructor(pubsub: string, topic: Topic, log: Log) {
    this.pubsub = pubsub;
    this.topic = topic;
    this.#log = log;
  }

  add({ handle, begin }: Broadcast): void {
    this.#handlers.push(handle);
    this.#all.promise.then(begin);
  }

  /** Puts marks until each partition is heard, or the signal is aborted. */
  async listen(sender: Sender, over: AbortSignal): Promise<void> {
    for (let pauseMs = firstPauseMs; this.#deaf.size > 0 && !over.aborted; pauseMs *= 1.5) {
      const marks = [...this.#deaf].map((partition) => ({ text: this.#mark(), partition }));
      await send(sender, this.pubsub, this.topic, marks);
      await Promise.race([this.#all.promise, pause(Math.min(pauseMs, longestPauseMs), over)]);
    }
  }

  hear(entries: readonly Entry[]): void {
    for (const { partition, bytes } of entries) {
      const content = readBytes(bytes, "");
      if (content.is === "addressed" && content.recipient === this.#name) this.#deaf.delete(partition);
      if (this.#deaf.size === 0) this.#all.resolve();
      if (content.is === "event" && !this.#deaf.has(partition))
        hear(this.topic, content.event, this.#handlers, this.#log);
    }
  }

  #mark(): string {
    return JSON.stringify({
      specversion: "1.0",
      id: Bun.randomUUIDv7(),
      source: "/rondo/bus",
      type: "rondo.mark.v1",
      [replayGroupAttribute]: this.#name,
    });
  }
}
