import type { Sql, Tx } from "@rondo/db";
import type { Placed } from "../thing/place.ts";

export async function findPlaced(sql: Sql, workspaceId: string, id: string): Promise<Placed | undefined> {
  const [row] = await sql<Placed[]>`
    select id, position from api.project
    where id = ${id} and workspace_id = ${workspaceId} and deleted_at is null`;
  return row;
}

export async function placedBefore(
  sql: Sql,
  workspaceId: string,
  { position, id }: Placed,
): Promise<Placed | undefined> {
  const [row] = await sql<Placed[]>`
    select id, position from api.project
    where workspace_id = ${workspaceId} and deleted_at is null and (position, id) < (${position}, ${id})
    order by position desc, id desc limit 1`;
  return row;
}

export async function placedAfter(
  sql: Sql,
  workspaceId: string,
  { position, id }: Placed,
): Promise<Placed | undefined> {
  const [row] = await sql<Placed[]>`
    select id, position from api.project
    where workspace_id = ${workspaceId} and deleted_at is null and (position, id) > (${position}, ${id})
    order by position, id limit 1`;
  return row;
}

/** All projects of a workspace in their order, held until the transaction ends. */
export async function lockAll(tx: Tx, workspaceId: string): Promise<Placed[]> {
  return tx<Placed[]>`
    select id, position from api.project
    where workspace_id = ${workspaceId} and deleted_at is null
    order by position, id for no key update`;
}

/** New positions that leave the order as it is: so there is no new version and no event. */
export async function replacePositions(sql: Sql, run: readonly Placed[], positions: readonly string[]): Promise<void> {
  await sql`
    update api.project set position = place.position
    from unnest(${run.map(({ id }) => id)}::uuid[], ${[...positions]}::text[]) as place (id, position)
    where project.id = place.id`;
}
