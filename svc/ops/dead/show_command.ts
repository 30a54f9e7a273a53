import { command, type Report } from "../cli/command.ts";
import { UsageError } from "../cli/option.ts";
import { engineOptions, withEngine } from "../engine/options.ts";
import type { Letter } from "../engine/port.ts";

export const deadShowCommand = command({
  name: "dead show",
  summary: "one dead letter with its event",
  about: "one dead letter with its whole event.",
  words: "id",
  options: engineOptions,
  run: (values, words) => {
    const [id, ...more] = words;
    if (id === undefined || more.length > 0) throw new UsageError("dead show needs the id of one dead letter");
    return withEngine(values, async (engine) => {
      const [letter] = (await engine.letters({ ids: [id] })).letters;
      if (letter === undefined) throw new Error(`there is no dead letter ${id}; was it replayed or dropped?`);
      return report(letter);
    });
  },
});

function report(letter: Letter): Report {
  const { event, ...about } = letter;
  const lines = Object.entries(about).map(([name, value]) => `${`${name}:`.padEnd(17)}${value}`);
  return { json: letter, text: [...lines, "event:", JSON.stringify(event, null, 2)].join("\n"), ok: true };
}
