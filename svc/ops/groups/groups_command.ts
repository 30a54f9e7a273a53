import { command, type Report } from "../cli/command.ts";
import { oneLine, table } from "../cli/table.ts";
import { engineOptions, withEngine } from "../engine/options.ts";
import type { Group } from "../engine/port.ts";

export const groupsCommand = command({
  name: "groups",
  summary: "who consumes: groups, their state, members and lag",
  about:
    "who consumes: groups, their state, members and lag.\n\n" +
    "A group without members is Empty: its consumers are away and will go on where they were, or they are gone for good\n" +
    "(rondo-ops groups delete).",
  options: engineOptions,
  run: (values) => withEngine(values, async (engine) => report(await engine.groups(await engine.groupNames()))),
});

function report(groups: readonly Group[]): Report {
  const listed = table<Group>(
    [
      { title: "GROUP", cell: ({ group }) => group },
      { title: "STATE", cell: ({ state }) => state },
      { title: "MEMBERS", cell: ({ members }) => members.length },
      { title: "LAG", cell: ({ lag }) => lag },
      { title: "TOPICS", cell: ({ topics }) => oneLine(topics.join(" ") || "-") },
      {
        title: "WHERE",
        cell: ({ members }) => oneLine([...new Set(members.map(({ host }) => host))].join(" ") || "-"),
      },
    ],
    groups,
  );
  return { json: { groups }, text: groups.length === 0 ? "there are no consumer groups" : listed, ok: true };
}
