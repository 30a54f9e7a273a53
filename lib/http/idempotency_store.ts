import { deleteInBatches, type Sql } from "@rondo/db";

/** The answers that were given, by who asked, where, and under which key. `status` is null while the first is being made. */
export function idempotencyMigration(schema: string): string {
  return `create table ${schema}.idempotency (
  actor text not null,
  route text not null,
  key text not null,
  fingerprint text not null,
  reserved_id uuid not null,
  owner uuid not null,
  leased_until timestamptz not null,
  created_at timestamptz not null default now(),
  status smallint,
  headers jsonb,
  body text,
  primary key (actor, route, key)
);
create index idempotency_created_at on ${schema}.idempotency (created_at);`;
}

export interface RequestKey {
  readonly actor: string;
  readonly route: string;
  readonly key: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Claim =
  /** The caller is to carry the request out, and then to `keep` or `release`. */
  | { readonly kind: "mine"; readonly reserved_id: string }
  | { readonly kind: "answered"; readonly answer: StoredAnswer }
  | { readonly kind: "running" }
  | { readonly kind: "other_body" };

const keptFor = "24 hours";

/**
 * Claims a key for `owner`. A key is free when nobody has it, when its day is over, or when its holder's lease ran out: the
 * holder died. A taken-over key keeps the id that was reserved for its first try.
 */
export async function claim(
  sql: Sql,
  schema: string,
  request: RequestKey,
  attempt: { fingerprint: string; owner: string; reserved_id: string; leaseMs: number },
): Promise<Claim> {
  const { actor, route, key } = request;
  const { fingerprint, owner, reserved_id, leaseMs } = attempt;
  const [claimed] = await sql<{ reserved_id: string }[]>`
    insert into ${sql(schema)}.idempotency as i (actor, route, key, fingerprint, reserved_id, owner, leased_until)
    values (${actor}, ${route}, ${key}, ${fingerprint}, ${reserved_id}, ${owner}, now() + ${leaseMs} * interval '1 millisecond')
    on conflict (actor, route, key) do update set
      reserved_id = case when i.created_at < now() - ${keptFor}::interval then excluded.reserved_id else i.reserved_id end,
      created_at = case when i.created_at < now() - ${keptFor}::interval then now() else i.created_at end,
      fingerprint = excluded.fingerprint, owner = excluded.owner, leased_until = excluded.leased_until,
      status = null, headers = null, body = null
    where i.created_at < now() - ${keptFor}::interval
      or (i.status is null and i.leased_until < now() and i.fingerprint = excluded.fingerprint)
    returning reserved_id`;
  if (claimed) return { kind: "mine", reserved_id: claimed.reserved_id };
  return look(sql, schema, request, fingerprint);
}

/** What a key that could not be claimed holds. One that was released a moment ago looks as if it were running: claim again. */
async function look(sql: Sql, schema: string, { actor, route, key }: RequestKey, fingerprint: string): Promise<Claim> {
  const [row] = await sql<
    { fingerprint: string; status: number | null; headers: Record<string, string> | null; body: string | null }[]
  >`
    select fingerprint, status, headers, body from ${sql(schema)}.idempotency
    where actor = ${actor} and route = ${route} and key = ${key}`;
  if (!row) return { kind: "running" };
  if (row.fingerprint !== fingerprint) return { kind: "other_body" };
  if (row.status === null) return { kind: "running" };
  return { kind: "answered", answer: { status: row.status, headers: row.headers ?? {}, body: row.body ?? "" } };
}

/** Keeps the answer, unless the key was taken over meanwhile. */
export async function keep(
  sql: Sql,
  schema: string,
  { actor, route, key }: RequestKey,
  owner: string,
  { status, headers, body }: StoredAnswer,
): Promise<void> {
  await sql`
    update ${sql(schema)}.idempotency set status = ${status}, headers = ${sql.json(headers)}, body = ${body}
    where actor = ${actor} and route = ${route} and key = ${key} and owner = ${owner}`;
}

/** Frees a key whose request was refused, so did nothing. */
export async function release(
  sql: Sql,
  schema: string,
  { actor, route, key }: RequestKey,
  owner: string,
): Promise<void> {
  await sql`
    delete from ${sql(schema)}.idempotency
    where actor = ${actor} and route = ${route} and key = ${key} and owner = ${owner} and status is null`;
}

/** Lets a retry take the key over at once, with the same reserved id: the request failed, and may have had its effect. */
export async function abandon(
  sql: Sql,
  schema: string,
  { actor, route, key }: RequestKey,
  owner: string,
): Promise<void> {
  await sql`
    update ${sql(schema)}.idempotency set leased_until = '-infinity'
    where actor = ${actor} and route = ${route} and key = ${key} and owner = ${owner} and status is null`;
}

/** Removes answers older than a day, in batches; for a timer. Answers how many. */
export function trimIdempotency(sql: Sql, schema: string): Promise<number> {
  return deleteInBatches(async (limit) => {
    const { count } = await sql`
      delete from ${sql(schema)}.idempotency where (actor, route, key) in (
        select actor, route, key from ${sql(schema)}.idempotency
        where created_at < now() - ${keptFor}::interval order by created_at limit ${limit} for update skip locked
      )`;
    return count;
  });
}
