import type { DataSubscription } from "@rondo/bus";
import { done } from "@rondo/bus";
import type { Database, MigrationSet } from "@rondo/db";
import { inboxMigration, takeNew } from "@rondo/outbox";
import { ProcessDied } from "./bus_double.ts";

const schema = "tally";

/** Nothing but the inbox keeps an effect from being there twice. */
export const tallyMigrations: MigrationSet = {
  schema,
  migrations: [
    {
      id: 1,
      name: "tally",
      sql: `${inboxMigration(schema)} create table tally.effect (event_id uuid not null, workspace_id uuid not null);
        create index effect_of_workspace on tally.effect (workspace_id);`,
    },
  ],
};

/** A consumer whose effect, unlike an audit entry, would show each repetition: it writes a row for each event. */
export function tallySubscription(db: Database, diesBeforeCommit: () => boolean): DataSubscription {
  return {
    topic: "task-events",
    group: schema,
    types: ["*"],
    handle: async (deliveries) => {
      const events = deliveries.map(({ event: { id, workspaceid } }) => ({ event_id: id, workspace_id: workspaceid }));
      await db.transaction(async (tx) => {
        const ids = events.map(({ event_id }) => event_id);
        const fresh = await takeNew(tx, schema, schema, ids);
        const effects = events.filter(({ event_id }, index) => fresh.has(event_id) && ids.indexOf(event_id) === index);
        if (effects.length > 0) await tx`insert into tally.effect ${tx(effects, "event_id", "workspace_id")}`;
        if (diesBeforeCommit()) throw new ProcessDied("the consumer");
      });
      return deliveries.map(() => done);
    },
  };
}

/** How often each event of a workspace had its effect. */
export async function talliesOf({ sql }: Pick<Database, "sql">, workspaceId: string): Promise<Map<string, number>> {
  const rows = await sql<{ event_id: string; times: number }[]>`
    select event_id, count(*) as times from tally.effect where workspace_id = ${workspaceId} group by event_id`;
  return new Map(rows.map(({ event_id, times }) => [event_id, times]));
}
