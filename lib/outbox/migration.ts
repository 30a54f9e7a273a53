/**
 * The table into which verbs append their events, in the schema of the service that owns them.
 *
 * `refused_at` and `refused_reason` mark an event that the engine will never take: it is set aside, never lost.
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
