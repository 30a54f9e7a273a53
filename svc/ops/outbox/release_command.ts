import { optional, text } from "@rondo/config";
import type { Sql } from "@rondo/db";
import { command, type Report } from "../cli/command.ts";
import { option, switchOf, UsageError } from "../cli/option.ts";
import { counted } from "../cli/table.ts";
import { databaseOptions, withDatabase } from "../database/options.ts";

interface Asked {
  readonly schema: string | undefined;
  readonly all: boolean;
  readonly yes: boolean;
}

export const outboxReleaseCommand = command({
  name: "outbox release",
  summary: "publishes refused events again",
  about:
    "publishes events again that were refused, behind everything that waits now.\n\n" +
    "By the numbers that rondo-ops outbox lists, or all of them. An event whose cause of refusal is still there is refused again.",
  words: "[number …]",
  options: {
    schema: option(
      optional(text({ name: "--schema", description: "Whose outbox; without it the only one.", example: "api" })),
    ),
    all: switchOf("--all", "All of them."),
    yes: switchOf("--yes", "Do it; without it, what would be done is said, and nothing is."),
    ...databaseOptions,
  },
  run: (values, words) => {
    if ((words.length === 0) !== values.all) throw new UsageError("outbox release needs numbers, or --all");
    const wrong = words.filter((word) => !/^\d{1,15}$/.test(word));
    if (wrong.length > 0)
      throw new UsageError(...wrong.map((word) => `${JSON.stringify(word)} is no number of an event`));
    return withDatabase(values, ({ sql }) => release(sql, values, words.map(Number)));
  },
});

async function release(sql: Sql, { schema: asked, all, yes }: Asked, numbers: readonly number[]): Promise<Report> {
  const { refusedEvents, releaseRefused } = await import("@rondo/outbox/operator_queries");
  const { outboxSchemas } = await import("./read.ts");
  const schemas = await outboxSchemas(sql);
  const schema = asked ?? (schemas.length === 1 ? schemas[0] : undefined);
  if (schema === undefined || !schemas.includes(schema))
    throw new UsageError(`--schema must be one of those with an outbox: ${schemas.join(", ") || "there is none"}`);
  const refused = (await refusedEvents(sql, schema, 1_000_000)).map(({ id }) => id);
  const absent = numbers.filter((number) => !refused.includes(number));
  const ids = all ? refused : numbers.filter((number) => refused.includes(number));
  if (!yes && ids.length > 0)
    throw new UsageError(`this would publish ${counted(ids.length, "event")} of ${schema} again; add --yes to do it`);
  const released = await releaseRefused(sql, schema, ids);
  const lines = [`${counted(released, "event")} released`, ...absent.map((id) => `${id} is not refused`)];
  const ok = absent.length === 0;
  return { json: { ok, schema, released, absent }, text: lines.join("\n"), ok };
}
