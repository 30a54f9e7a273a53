import { integer, optional } from "@rondo/config";
import { command, type Report } from "../cli/command.ts";
import { option, switchOf } from "../cli/option.ts";
import { counted, table } from "../cli/table.ts";
import type { OpenKafka } from "../kafka/connect.ts";
import { kafkaOptions, withKafka } from "../kafka/options.ts";
import { type ActualTopic, judge, type Verdict, wantedTopics } from "./plan.ts";

interface Row extends Omit<Verdict, "state"> {
  readonly state: Verdict["state"] | "created";
  readonly partitions: number | null;
  readonly replication: number | null;
  readonly retention_ms: number | null;
}

export const topicsCommand = command({
  name: "topics",
  summary: "creates the topics that are missing and checks the others",
  about:
    "creates the topics that are missing and checks the others.\n\n" +
    "It can be run as often as one likes. A topic that is there and differs stays as it is: what differs is said, and the\n" +
    "command fails, for each cure costs something (order, space or time) that only you can weigh.",
  options: {
    check: switchOf("--check", "Create nothing; a missing topic is a failure."),
    replication: option(
      optional(
        integer({
          name: "--replication-factor",
          description:
            "Replicas of each partition of a new topic, checked of the others. Without it the brokers' default.",
          example: "3",
          min: 1,
          max: 9,
        }),
      ),
    ),
    ...kafkaOptions,
  },
  run: (values) => withKafka(values, (open) => settleTopics(open, values)),
});

async function settleTopics(
  { admin }: OpenKafka,
  { check, replication }: { readonly check: boolean; readonly replication: number | undefined },
): Promise<Report> {
  const { createTopics, readTopics } = await import("../kafka/topics.ts");
  const names = wantedTopics.map(({ name }) => name);
  const before = await readTopics(admin, names);
  const missing = wantedTopics.filter(({ name }) => !before.some((topic) => topic.name === name));
  if (!check && missing.length > 0) await createTopics(admin, missing, replication);
  const after = check || missing.length === 0 ? before : await readTopics(admin, names);
  return report(wantedTopics.map((wanted) => rowOf(wanted.name, before, after, replication)));
}

function rowOf(
  name: string,
  before: readonly ActualTopic[],
  after: readonly ActualTopic[],
  replication: number | undefined,
): Row {
  const wanted = wantedTopics.find((topic) => topic.name === name);
  const actual = after.find((topic) => topic.name === name);
  if (wanted === undefined) throw new Error(`nobody wants ${name}`);
  const verdict = judge(wanted, actual, replication);
  const isNew = verdict.state === "ok" && !before.some((topic) => topic.name === name);
  return {
    ...verdict,
    state: isNew ? "created" : verdict.state,
    partitions: actual?.partitions ?? null,
    replication: actual?.replication ?? null,
    retention_ms: actual === undefined ? null : Number(actual.config.get("retention.ms") ?? -1),
  };
}

function report(rows: readonly Row[]): Report {
  const ok = rows.every(({ state }) => state === "ok" || state === "created");
  const listed = table<Row>(
    [
      { title: "TOPIC", cell: ({ topic }) => topic },
      { title: "STATE", cell: ({ state }) => state },
      { title: "PARTITIONS", cell: ({ partitions }) => partitions ?? "-" },
      { title: "REPLICAS", cell: ({ replication }) => replication ?? "-" },
      { title: "KEPT", cell: ({ retention_ms }) => kept(retention_ms) },
    ],
    rows,
  );
  const reasons = rows.flatMap(({ topic, differences }) => differences.map((each) => `${topic}: ${each}`));
  const absent = rows.filter(({ state }) => state === "missing").length;
  if (absent > 0) reasons.push(`${counted(absent, "topic")} missing: run rondo-ops topics without --check`);
  return { json: { ok, topics: rows }, text: [listed, ...reasons].join("\n"), ok };
}

function kept(retention: number | null): string {
  if (retention === null) return "-";
  return retention < 0 ? "for ever" : counted(Math.floor(retention / 86_400_000), "day");
}
