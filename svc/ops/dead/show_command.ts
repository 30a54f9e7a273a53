import { command, type Report } from "../cli/command.ts";
import { UsageError } from "../cli/option.ts";
import { kafkaOptions, withKafka } from "../kafka/options.ts";
import type { ShownLetter } from "../kafka/shown.ts";
import { topicsOfIds } from "./ids.ts";

export const deadShowCommand = command({
  name: "dead show",
  summary: "one dead letter with its event",
  about: "one dead letter with its whole event.",
  words: "id",
  options: kafkaOptions,
  run: (values, words) => {
    const [id, ...more] = words;
    if (id === undefined || more.length > 0) throw new UsageError("dead show needs the id of one dead letter");
    const topics = topicsOfIds([id]);
    return withKafka(values, async (open) => {
      const { readKept } = await import("../kafka/dead_letters.ts");
      const { shown } = await import("../kafka/shown.ts");
      const { letters } = await readKept(open, topics, (letter) => letter.id === id);
      const [letter] = letters;
      if (letter === undefined) throw new Error(`there is no dead letter ${id}; was it replayed or dropped?`);
      return report(shown(letter));
    });
  },
});

function report(letter: ShownLetter): Report {
  const { event, ...about } = letter;
  const lines = Object.entries(about).map(([name, value]) => `${`${name}:`.padEnd(17)}${value}`);
  return { json: letter, text: [...lines, "event:", JSON.stringify(event, null, 2)].join("\n"), ok: true };
}
