import { integer, optional, text } from "@rondo/config";
import { command, type Report } from "../cli/command.ts";
import { option } from "../cli/option.ts";
import { table } from "../cli/table.ts";
import { engineOptions, withEngine } from "../engine/options.ts";
import type { PartitionLag } from "../engine/port.ts";

export const lagCommand = command({
  name: "lag",
  summary: "how far consumers are behind",
  about:
    "how far consumer groups are behind, by topic and partition.\n\n" +
    "A group that has not told yet where it is begins with the oldest event that is kept, so all of them are its lag.",
  options: {
    group: option(
      optional(
        text({ name: "--group", description: "Only this group, also one that nobody has heard of.", example: "audit" }),
      ),
    ),
    topic: option(
      optional(
        text({
          name: "--topic",
          description: "Only this topic, also where a group has not told yet where it is.",
          example: "task-events",
        }),
      ),
    ),
    most: option(
      optional(
        integer({
          name: "--fail-above",
          description: "Fail when a group has a greater lag than this, all partitions together.",
          example: "1000",
          min: 0,
          max: 1_000_000_000,
        }),
      ),
    ),
    ...engineOptions,
  },
  run: (values) =>
    withEngine(values, async (engine) => {
      const { group, topic, most } = values;
      const groups = group === undefined ? await engine.groupNames() : [group];
      const topics = topic === undefined ? undefined : [topic];
      return report(await engine.lag(groups, topics), most ?? Number.POSITIVE_INFINITY);
    }),
});

function report(rows: readonly PartitionLag[], most: number): Report {
  const totals = [...Map.groupBy(rows, ({ group }) => group)].map(([group, ofGroup]) => ({
    group,
    lag: ofGroup.reduce((sum, { lag }) => sum + lag, 0),
  }));
  const ok = totals.every(({ lag }) => lag <= most);
  const listed = table<PartitionLag>(
    [
      { title: "GROUP", cell: ({ group }) => group },
      { title: "TOPIC", cell: ({ topic }) => topic },
      { title: "PARTITION", cell: ({ partition }) => partition },
      { title: "AT", cell: ({ committed }) => committed ?? "-" },
      { title: "END", cell: ({ end }) => end },
      { title: "LAG", cell: ({ lag }) => lag },
    ],
    rows,
  );
  const sums = totals.map(({ group, lag }) => `${group}: ${lag} behind${lag > most ? `, more than ${most}` : ""}`);
  const text = rows.length === 0 ? "no group has told yet where it is" : [listed, "", ...sums].join("\n");
  return { json: { ok, groups: totals, partitions: rows }, text, ok };
}
