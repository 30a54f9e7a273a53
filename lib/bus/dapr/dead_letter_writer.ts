import { deadTopicOf, encodeDeadLetter } from "../dead_letter_record.ts";
import { type Sender, send } from "./send.ts";

/** A record that a group gives up. */
export interface Letter {
  readonly key: string | undefined;
  readonly partition: number;
  readonly original: Uint8Array;
  readonly reason: string;
  readonly tries: number;
  /** RFC 3339; null when its only failure was just now. */
  readonly first_failed_at: string | null;
}

/** Puts letters among the dead letters of a group. @returns for each whether the log has acknowledged it */
export type DeadLetterWriter = (letters: readonly Letter[]) => Promise<readonly boolean[]>;

/** `<topic>-dead`, under the original's key, with the original to the byte inside. */
export function createDeadLetterWriter(sender: Sender, pubsub: string, topic: string, group: string): DeadLetterWriter {
  return async (letters) => {
    const last_failed_at = new Date().toISOString();
    const messages = letters.map(({ key, ...letter }) => {
      const first_failed_at = letter.first_failed_at ?? last_failed_at;
      return { key, text: encodeDeadLetter(Bun.randomUUIDv7(), { ...letter, group, first_failed_at, last_failed_at }) };
    });
    return await send(sender, pubsub, deadTopicOf(topic), messages);
  };
}
