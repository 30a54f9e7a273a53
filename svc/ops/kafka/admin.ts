import type { BusAdmin } from "@rondo/bus";
import { deadTopicOf } from "@rondo/bus/dead_letter_record";
import type { Topic } from "@rondo/event";
import type { OpenKafka } from "./connect.ts";
import { type Kept, type KeptLetter, readKept } from "./dead_letters.ts";
import { lagOf } from "./lag.ts";
import { dropLetters, replayLetters } from "./settle.ts";
import { shown, unknownGroup } from "./shown.ts";

/** What an operator asks of the events in Kafka. `topics`: those whose dead letters there may be. */
export function createKafkaAdmin(open: OpenKafka, topics: readonly Topic[]): BusAdmin {
  const change = async (
    ids: readonly string[],
    work: (open: OpenKafka, kept: Kept, letters: readonly KeptLetter[]) => Promise<number>,
  ): Promise<number> => {
    const asked = new Set(ids);
    const concerned = topics.filter((topic) => ids.some((id) => id.startsWith(`${deadTopicOf(topic)}:`)));
    const kept = await readKept(open, concerned, ({ id }) => asked.has(id));
    return await work(open, kept, kept.letters);
  };
  return {
    lag: async (topic, group) => (await lagOf(open.admin, group, [topic])).reduce((sum, { lag }) => sum + lag, 0),
    deadLetters: async ({ topic, group, limit = 100 } = {}) => {
      const asked = topic === undefined ? topics : [topic];
      const { letters } = await readKept(
        open,
        asked,
        (letter) => group === undefined || (letter.group ?? unknownGroup) === group,
      );
      return letters.slice(0, limit).flatMap((letter) => {
        const ofTopic = asked.find((name) => name === letter.topic);
        return ofTopic === undefined ? [] : [{ ...shown(letter), topic: ofTopic }];
      });
    },
    replay: (ids) => change(ids, replayLetters),
    drop: (ids) => change(ids, dropLetters),
  };
}
