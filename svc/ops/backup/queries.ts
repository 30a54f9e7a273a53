/** What a backup has to know of the tables, read from PostgreSQL's own catalogue: whatever services add is in it. */
import type { Sql } from "@rondo/db";

export interface TableShape {
  readonly schema: string;
  readonly name: string;
  /** Those that can be written: what is computed from others is computed again. */
  readonly columns: readonly string[];
}

export interface PartitionShape {
  readonly schema: string;
  readonly name: string;
  readonly parent_schema: string;
  readonly parent: string;
  /** As it is written behind `partition of`. */
  readonly bound: string;
  /** What `partition of` does not give it: its own constraints and triggers. Carried out in this order. */
  readonly statements: string[];
}

export interface SequenceState {
  readonly schema: string;
  readonly name: string;
  readonly last_value: number;
  readonly is_called: boolean;
}

/** Every table that is no partition of another one. */
export async function readTables(sql: Sql, schemas: readonly string[]): Promise<TableShape[]> {
  return await sql<TableShape[]>`
    select n.nspname as schema, c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where n.nspname = any(${[...schemas]}::text[]) and c.relkind in ('r', 'p') and not c.relispartition
    group by 1, 2 order by 1, 2`;
}

/** Parents before their own partitions. */
export async function readPartitions(sql: Sql, schemas: readonly string[]): Promise<PartitionShape[]> {
  return await sql<PartitionShape[]>`
    select n.nspname as schema, c.relname as name, pn.nspname as parent_schema, p.relname as parent,
      pg_get_expr(c.relpartbound, c.oid) as bound,
      array(
        select format('alter table %I.%I add constraint %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
        from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'x', 'c') and k.coninhcount = 0
        order by k.oid
      ) || array(
        select unnest(array[
          pg_get_triggerdef(t.oid),
          format('alter table %I.%I %s trigger %I', n.nspname, c.relname,
            case t.tgenabled when 'A' then 'enable always' when 'R' then 'enable replica' when 'D' then 'disable' else 'enable' end,
            t.tgname)
        ])
        from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgparentid = 0 order by t.oid
      ) as statements
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_inherits i on i.inhrelid = c.oid
    join pg_class p on p.oid = i.inhparent
    join pg_namespace pn on pn.oid = p.relnamespace
    where n.nspname = any(${[...schemas]}::text[]) and c.relkind in ('r', 'p') and c.relispartition
    order by c.oid`;
}

export async function readSequences(sql: Sql, schemas: readonly string[]): Promise<SequenceState[]> {
  const names = await sql<{ schema: string; name: string }[]>`
    select schemaname as schema, sequencename as name from pg_sequences
    where schemaname = any(${[...schemas]}::text[]) order by 1, 2`;
  const found: SequenceState[] = [];
  for (const { schema, name } of names) {
    const [state] = await sql<{ last_value: number; is_called: boolean }[]>`
      select last_value, is_called from ${sql(schema)}.${sql(name)}`;
    if (state !== undefined) found.push({ schema, name, ...state });
  }
  return found;
}

/** Pages of the table, or of the longest of its partitions. */
export async function countPages(sql: Sql, schema: string, name: string): Promise<number> {
  const [row] = await sql<{ pages: number }[]>`
    select greatest(
      pg_relation_size(this.oid),
      (select max(pg_relation_size(relid)) from pg_partition_tree(this.oid) where isleaf)
    ) / current_setting('block_size')::int as pages
    from (select format('%I.%I', ${schema}::text, ${name}::text)::regclass as oid) as this`;
  return row?.pages ?? 0;
}

export interface AppliedMigration {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
}

export async function readMigrations(sql: Sql, schema: string): Promise<AppliedMigration[]> {
  return await sql<AppliedMigration[]>`select id, name, checksum from ${sql(schema)}.migration order by id`;
}

/** Schemas that were made by migrations. */
export async function readSchemas(sql: Sql): Promise<string[]> {
  const rows = await sql<{ schema: string }[]>`
    select schemaname as schema from pg_tables where tablename = 'migration' order by 1`;
  return rows.map(({ schema }) => schema);
}

/** Months that are out of the audit trail while their file is not complete, like `2025-01`. */
export async function readUnfinishedArchives(sql: Sql): Promise<string[]> {
  const [found] = await sql`select from pg_tables where schemaname = 'audit' and tablename = 'archive'`;
  if (found === undefined) return [];
  const rows = await sql<{ name: string }[]>`select name from audit.archive where finished_at is null order by 1`;
  return rows.map(({ name }) => name);
}
