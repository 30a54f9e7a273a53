import { createLocalAdmin, readGroupTopics, readHolders, readPositions } from "@rondo/bus";
import type { Sql } from "@rondo/db";
import { consumers } from "../groups/consumers.ts";
import { consumerFinding, dayBehindMs, isRequired } from "./consumers.ts";
import { deadLetterFinding, type Finding, fine } from "./finding.ts";

/** Of the events that lie in PostgreSQL: who consumes them, how far behind, and what was given up. */
export async function localFindings(sql: Sql): Promise<readonly Finding[]> {
  const told = await readGroupTopics(sql);
  const others = told.flatMap(({ group, topics }) => topics.map((topic) => ({ group, topic })));
  const pairs = [...consumers, ...others.filter((pair) => !isRequired(pair))];
  const [positions, holders] = await Promise.all([readPositions(sql, pairs), readHolders(sql, pairs)]);
  const found = pairs.map((pair) => {
    const own = positions.filter(({ group, topic }) => group === pair.group && topic === pair.topic);
    const since = own.flatMap(({ waiting_since }) => waiting_since ?? []).sort()[0];
    const waitingMs = since === undefined ? 0 : Date.now() - Date.parse(since);
    return consumerFinding({
      ...pair,
      members: holders.filter(({ group }) => group === pair.group).length,
      lag: own.reduce((sum, { lag }) => sum + lag, 0),
      isDayBehind: waitingMs > dayBehindMs,
    });
  });
  return [fine("events", "in PostgreSQL"), ...found, await deadLetters(sql)];
}

async function deadLetters(sql: Sql): Promise<Finding> {
  const letters = await createLocalAdmin(sql).deadLetters({ limit: 1_000_000 });
  return deadLetterFinding(letters.map(({ topic }) => topic));
}
