import { integer } from "@rondo/config";
import { command, type Report } from "../cli/command.ts";
import { option } from "../cli/option.ts";
import { counted, oneLine, table } from "../cli/table.ts";
import { withEngine } from "../engine/options.ts";
import type { Letter } from "../engine/port.ts";
import { filterOptions } from "./options.ts";

export const deadListCommand = command({
  name: "dead list",
  summary: "events that consumers gave up, and why",
  about: "events that consumers gave up, oldest first, with the reason.",
  options: {
    limit: option(
      integer({
        name: "--limit",
        description: "List at most so many.",
        example: "20",
        default: "100",
        min: 1,
        max: 100_000,
      }),
    ),
    ...filterOptions,
  },
  run: (values) =>
    withEngine(values, async (engine) => {
      const { letters } = await engine.letters(values);
      return report(letters.slice(0, values.limit), letters.length);
    }),
});

function report(letters: readonly Letter[], found: number): Report {
  if (found === 0) return { json: { found, letters }, text: "no dead letters", ok: true };
  const listed = table<Letter>(
    [
      { title: "ID", cell: ({ id }) => id },
      { title: "GROUP", cell: ({ group }) => group },
      { title: "GIVEN UP", cell: ({ last_failed_at }) => last_failed_at },
      { title: "TRIES", cell: ({ tries }) => tries },
      { title: "EVENT", cell: ({ event }) => typeOf(event) },
      { title: "REASON", cell: ({ reason }) => oneLine(reason) },
    ],
    letters,
  );
  const rest = found - letters.length;
  const text = [listed, "", `${counted(found, "dead letter")}${rest > 0 ? `, of which ${rest} are not listed` : ""}`];
  return { json: { found, letters }, text: text.join("\n"), ok: true };
}

function typeOf(event: unknown): string {
  if (typeof event !== "object" || event === null || !("type" in event)) return "-";
  return typeof event.type === "string" ? oneLine(event.type, 40) : "-";
}
