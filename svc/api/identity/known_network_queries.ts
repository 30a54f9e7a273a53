import { deleteInBatches, type Sql } from "@rondo/db";

/** Days for which a network is known after the last sign-in from there. */
const knownDays = 90;

/** @param key of an account and a network, as `attempt_limits.ts` hashes them */
export async function isKnownNetwork(sql: Sql, key: string): Promise<boolean> {
  const rows = await sql`
    select 1 from api.known_network where key = ${key} and seen_at > now() - ${knownDays} * interval '1 day'`;
  return rows.length === 1;
}

/** Writes at most once a day. */
export async function rememberNetwork(sql: Sql, key: string): Promise<void> {
  await sql`
    insert into api.known_network as k (key) values (${key})
    on conflict (key) do update set seen_at = now() where k.seen_at < now() - interval '1 day'`;
}

/** Forgets those that have had their time, in batches; for a timer. Answers how many. */
export function trimKnownNetworks(sql: Sql): Promise<number> {
  return deleteInBatches(async (limit) => {
    const { count } = await sql`
      delete from api.known_network where key in (
        select key from api.known_network where seen_at < now() - ${knownDays} * interval '1 day'
        order by seen_at limit ${limit} for update skip locked
      )`;
    return count;
  });
}
