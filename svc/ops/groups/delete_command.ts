import { optional, text } from "@rondo/config";
import { command, type Report } from "../cli/command.ts";
import { option, switchOf, UsageError } from "../cli/option.ts";
import { counted } from "../cli/table.ts";
import { engineOptions, withEngine } from "../engine/options.ts";
import type { EventEngine, Group } from "../engine/port.ts";

export const groupsDeleteCommand = command({
  name: "groups delete",
  summary: "forgets groups that have no members any more",
  about:
    "forgets groups that have no members any more, and with them where they were: a consumer that comes back under that\n" +
    "name begins with the oldest event that is kept. A group with members is never deleted.",
  words: "[group …]",
  options: {
    prefix: option(
      optional(
        text({
          name: "--prefix",
          description: "Every memberless group whose name begins so; bc- are those of the live signals.",
          example: "bc-",
        }),
      ),
    ),
    yes: switchOf("--yes", "Do it; without it, what would be done is said, and nothing is."),
    ...engineOptions,
  },
  run: (values, names) => {
    if ((names.length === 0) === (values.prefix === undefined))
      throw new UsageError("groups delete needs the names of groups, or --prefix");
    return withEngine(values, (engine) => deleteGroups(engine, names, values));
  },
});

async function deleteGroups(
  engine: EventEngine,
  names: readonly string[],
  { prefix, yes }: { readonly prefix: string | undefined; readonly yes: boolean },
): Promise<Report> {
  const existing = await engine.groupNames();
  const absent = names.filter((name) => !existing.includes(name));
  if (absent.length > 0) throw new UsageError(...absent.map((name) => `there is no group ${name}`));
  const asked = prefix === undefined ? names : existing.filter((name) => name.startsWith(prefix));
  const groups = await engine.groups(asked);
  const busy = groups.filter(({ members }) => members.length > 0);
  const free = groups.filter(({ members }) => members.length === 0);
  if (prefix === undefined && busy.length > 0)
    throw new UsageError(...busy.map(({ group, members }) => `${group} has ${counted(members.length, "member")}`));
  if (!yes && free.length > 0)
    throw new UsageError(`this would forget ${free.map(describe).join(", ")}; add --yes to do it`);
  if (free.length > 0) await engine.deleteGroups(free.map(({ group }) => group));
  const deleted = free.map(({ group }) => group);
  return {
    json: { deleted, kept: busy.map(({ group }) => group) },
    text: deleted.length === 0 ? "nothing to delete" : `deleted: ${deleted.join(", ")}`,
    ok: true,
  };
}

function describe({ group, lag }: Group): string {
  return lag === 0 ? group : `${group} (${lag} behind)`;
}
