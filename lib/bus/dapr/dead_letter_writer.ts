import { deadTopicOf, encodeDeadLetter } from "../dead_letter_record.ts";
import { type Item, settle } from "./item.ts";
import { type Sender, send } from "./send.ts";

/** Puts dead items among the dead letters and settles those that the log has acknowledged. @returns how many those are */
export type DeadLetterWriter = (items: readonly Item[], partition: number) => Promise<number>;

/** `<topic>-dead`, under the original's key, with the original to the byte inside. */
export function createDeadLetterWriter(sender: Sender, pubsub: string, topic: string, group: string): DeadLetterWriter {
  return async (items, partition) => {
    const now = new Date().toISOString();
    const messages = items.map(({ key, tries, bytes: original, failure }) => {
      const about = failure ?? { reason: "unknown", first_failed_at: now, last_failed_at: now };
      return { key, text: encodeDeadLetter(Bun.randomUUIDv7(), { ...about, group, tries, partition, original }) };
    });
    const acknowledged = await send(sender, pubsub, deadTopicOf(topic), messages);
    const written = items.filter((_, index) => acknowledged[index]);
    written.forEach(settle);
    return written.length;
  };
}
