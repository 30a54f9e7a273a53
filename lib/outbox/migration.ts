/**
 * The table into which verbs append their events, in the schema of the service that owns them; `readingMigration` follows it.
 *
 * `fillfactor` and the eager vacuum keep a table whose rows live for milliseconds small.
 */
export function outboxMigration(schema: string): string {
  return `
    create table ${schema}.outbox (
      id bigint generated always as identity primary key,
      event_id uuid not null,
      key text not null,
      type text not null,
      payload json not null,
      created_at timestamptz not null default clock_timestamp(),
      refused_at timestamptz,
      refused_reason text
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);
    create index outbox_refused on ${schema}.outbox (id) where refused_at is not null;
  `;
}

/**
 * Events that the engine will never take have a table of their own, set aside and never lost, so that the outbox holds nothing but
 * what waits.
 *
 * `pending_events` reads it along the index, whatever the planner was told: a table whose rows live for milliseconds is full of
 * deleted ones. The index forgets those that nobody can see any more, while a bitmap or a scan of the table walks over all of them,
 * each time. Large events come in smaller batches, for a process must not need more memory than it has.
 */
export function readingMigration(schema: string): string {
  return `
    drop index ${schema}.outbox_refused;
    create table ${schema}.outbox_refused (
      id bigint primary key,
      event_id uuid not null,
      key text not null,
      type text not null,
      payload json not null,
      reason text not null,
      refused_at timestamptz not null default clock_timestamp()
    );
    with refused as (
      delete from ${schema}.outbox where refused_at is not null
      returning id, event_id, key, type, payload, refused_reason, refused_at
    )
    insert into ${schema}.outbox_refused (id, event_id, key, type, payload, reason, refused_at) select * from refused;
    alter table ${schema}.outbox drop column refused_at, drop column refused_reason;

    create function ${schema}.pending_events(after_id bigint, most integer) returns table (id bigint, payload json)
    language sql stable set enable_bitmapscan = off set enable_seqscan = off as $$
      select id, payload from (
        select id, payload, sum(pg_column_size(payload)) over (order by id) - pg_column_size(payload) as bytes_before
        from (select o.id, o.payload from ${schema}.outbox o where o.id > after_id order by o.id limit most) as next
      ) as measured
      where bytes_before < 1000000 order by id
    $$;
  `;
}

/** The relay asks which events wait and fetches those that it does not know: `waiting_events` takes the place of `pending_events`. */
export function waitingMigration(schema: string): string {
  return `
    drop function ${schema}.pending_events(bigint, integer);
    create function ${schema}.waiting_events(after_id bigint, most integer) returns table (id bigint, event_id uuid)
    language sql stable set enable_bitmapscan = off set enable_seqscan = off as $$
      select id, event_id from (
        select id, event_id, sum(bytes) over (order by id) - bytes as bytes_before
        from (
          select o.id, o.event_id, pg_column_size(o.payload) as bytes
          from ${schema}.outbox o where o.id > after_id order by o.id limit most
        ) as next
      ) as measured
      where bytes_before < 1000000 order by id
    $$;
  `;
}

/**
 * Each row says where its event goes (`topics`) and how its live signal reads (`signal`), so that the relay of an older version passes
 * on events of a newer one whose types it does not know. Both are null in rows of writers that are older than this: those are
 * looked up by the type. `waiting_events` stays, for a relay of the version before reads by it.
 */
export function destinationMigration(schema: string): string {
  return `
    alter table ${schema}.outbox add column topics text[], add column signal json;
    alter table ${schema}.outbox_refused add column topics text[], add column signal json;
    create function ${schema}.waiting_rows(after_id bigint, except_ids bigint[], most integer)
    returns table (id bigint, key text, type text, topics text[], bytes integer)
    language sql stable set enable_bitmapscan = off set enable_seqscan = off as $$
      select o.id, o.key, o.type, o.topics, pg_column_size(o.payload)
      from ${schema}.outbox o where o.id > after_id and o.id <> all(except_ids) order by o.id limit most
    $$;
  `;
}

/** Which events a consumer has already had its effect for, in the schema of the consumer. */
export function inboxMigration(schema: string): string {
  return `
    create table ${schema}.inbox (
      consumer text not null,
      event_id uuid not null,
      at timestamptz not null default now(),
      primary key (consumer, event_id)
    );
    create index inbox_at on ${schema}.inbox (at);
  `;
}
