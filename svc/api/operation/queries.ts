import { deleteInBatches, type Sql } from "@rondo/db";

/** One change of one thing, as far as its undoing needs it. */
export interface Operation {
  readonly id: string;
  readonly workspace_id: string;
  readonly user_id: string;
  /** The event type without its version. */
  readonly kind: string;
  readonly subject_id: string;
  /** The version that the change made. */
  readonly version: number;
  readonly changes: Readonly<Record<string, [unknown, unknown]>>;
}

/** One's own operation in this workspace. */
export async function findOperation(
  sql: Sql,
  { id, workspace_id, user_id }: Pick<Operation, "id" | "workspace_id" | "user_id">,
): Promise<Operation | undefined> {
  const [row] = await sql<Operation[]>`
    select id, workspace_id, user_id, kind, subject_id, version, changes from api.operation
    where id = ${id} and workspace_id = ${workspace_id} and user_id = ${user_id}`;
  return row;
}

/** The operation that made a thing: not older than the thing's own id. */
export async function findCreation(
  sql: Sql,
  made: { readonly workspace_id: string; readonly id: string },
): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select id from api.operation
    where id >= ${made.id} and workspace_id = ${made.workspace_id} and subject_id = ${made.id} and version = 1
    order by id limit 1`;
  return row?.id ?? null;
}

/** Forgets operations older than this UUIDv7, in batches; answers how many. */
export function trimOperations(sql: Sql, before: string): Promise<number> {
  return deleteInBatches(async (limit) => {
    const { count } = await sql`
      delete from api.operation where id in (
        select id from api.operation where id < ${before} order by id limit ${limit} for update skip locked
      )`;
    return count;
  });
}
