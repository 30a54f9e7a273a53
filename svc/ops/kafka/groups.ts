import type { Admin } from "kafkajs";
import type { Group, PartitionLag } from "../engine/port.ts";
import { askCoordinator } from "./coordinator.ts";
import { lagOf, topicsOfGroup } from "./lag.ts";
import { readerPrefix } from "./read_to_end.ts";

/** The consumer groups of the cluster, by name; those that only this program reads with are left out. */
export async function groupNames(admin: Admin): Promise<string[]> {
  const { groups } = await askCoordinator(() => admin.listGroups());
  return groups
    .filter(({ groupId, protocolType }) => protocolType !== "connect" && !groupId.startsWith(readerPrefix))
    .map(({ groupId }) => groupId)
    .sort();
}

export async function readGroups(admin: Admin, names: readonly string[]): Promise<Group[]> {
  if (names.length === 0) return [];
  const { groups } = await askCoordinator(() => admin.describeGroups([...names]));
  const found: Group[] = [];
  for (const { groupId, state, members } of groups) {
    const topics = await topicsOfGroup(admin, groupId);
    const lag = topics.length === 0 ? [] : await lagOf(admin, groupId, topics);
    found.push({
      group: groupId,
      state,
      members: members.map(({ memberId, clientId, clientHost }) => ({
        id: memberId,
        client: clientId,
        host: clientHost.replace(/^\//, ""),
      })),
      topics,
      lag: lag.reduce((sum, each) => sum + each.lag, 0),
    });
  }
  return found.sort((a, b) => (a.group < b.group ? -1 : 1));
}

/** Where each of the groups is, in the topics it has told about, or in those that are asked for. */
export async function readLag(
  admin: Admin,
  groups: readonly string[],
  topics: readonly string[] | undefined,
): Promise<PartitionLag[]> {
  const found: PartitionLag[] = [];
  for (const group of groups) found.push(...(await lagOf(admin, group, topics ?? (await topicsOfGroup(admin, group)))));
  return found;
}
