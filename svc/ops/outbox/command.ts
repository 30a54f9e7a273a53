import { duration, integer } from "@rondo/config";
import { command, type Report } from "../cli/command.ts";
import { option } from "../cli/option.ts";
import { counted, oneLine, span, table } from "../cli/table.ts";
import { databaseOptions, withDatabase } from "../database/options.ts";
import type { Outbox } from "./read.ts";

export const outboxCommand = command({
  name: "outbox",
  summary: "events that wait to be published, and those that were refused",
  about:
    "events that wait to be published, and those that were refused.\n\n" +
    "It fails when events are stuck (see the log of the api: the relay says why) or refused (rondo-ops outbox release).",
  options: {
    stuckAfter: option(
      duration({
        name: "--stuck-after",
        description: "An event that waits for longer is stuck.",
        example: "5m",
        default: "1m",
      }),
    ),
    limit: option(
      integer({
        name: "--limit",
        description: "List at most so many.",
        example: "100",
        default: "20",
        min: 1,
        max: 10_000,
      }),
    ),
    ...databaseOptions,
  },
  run: (values) =>
    withDatabase(values, async ({ sql }) => {
      const { readOutboxes } = await import("./read.ts");
      return report(await readOutboxes(sql, values.stuckAfter / 1_000, values.limit));
    }),
});

function report(outboxes: readonly Outbox[]): Report {
  if (outboxes.length === 0) throw new Error("there is no outbox in this database: run rondo-ops migrate");
  const ok = outboxes.every(({ stuck, refused }) => stuck.length === 0 && refused === 0);
  const listed = table<Outbox>(
    [
      { title: "SCHEMA", cell: ({ schema }) => schema },
      { title: "WAITING", cell: ({ depth }) => depth },
      { title: "OLDEST", cell: ({ depth, oldest_seconds }) => (depth === 0 ? "-" : span(oldest_seconds * 1_000)) },
      { title: "REFUSED", cell: ({ refused }) => refused },
    ],
    outboxes,
  );
  return { json: { ok, outboxes }, text: [listed, ...outboxes.flatMap(detailsOf)].join("\n\n"), ok };
}

function detailsOf({ schema, stuck, refused, refused_events }: Outbox): string[] {
  const parts: string[] = [];
  if (stuck.length > 0) {
    const rows = table<Outbox["stuck"][number]>(
      [
        { title: "STUCK", cell: ({ id }) => id },
        { title: "AGE", cell: ({ age_seconds }) => span(age_seconds * 1_000) },
        { title: "TYPE", cell: ({ type }) => type },
        { title: "EVENT", cell: ({ event_id }) => event_id },
        { title: "KEY", cell: ({ key }) => key },
      ],
      stuck,
    );
    parts.push(rows);
  }
  if (refused_events.length > 0) {
    const rows = table<Outbox["refused_events"][number]>(
      [
        { title: "REFUSED", cell: ({ id }) => id },
        { title: "AT", cell: ({ refused_at }) => refused_at },
        { title: "TYPE", cell: ({ type }) => type },
        { title: "REASON", cell: ({ reason }) => oneLine(reason) },
      ],
      refused_events,
    );
    parts.push(
      `${rows}\n${counted(refused, "event")} of ${schema} refused: when the cause is gone, rondo-ops outbox release`,
    );
  }
  return parts;
}
