import { type Ground, newPeople } from "./ground.ts";
import { count } from "./ledger.ts";
import type { Row } from "./row.ts";
import { startWriting } from "./writing.ts";

export interface OpenTransactionOptions {
  readonly seconds: number;
  readonly perSecond: number;
  /** How long the flow is looked at before, and at the end. */
  readonly windowSeconds: number;
}

/** The p95 may become twice what it was, beyond what a quiet machine's own noise is. */
const noiseMs = 10;

/** Somebody's transaction keeps an old snapshot for minutes, so that no row that was published can be cleaned away. */
export async function openTransaction(ground: Ground, options: OpenTransactionOptions): Promise<Row> {
  const people = await newPeople(ground, 10);
  const { api, sql } = ground;
  const writing = startWriting({ people, at: () => api.url, perSecond: options.perSecond });
  const window = options.windowSeconds * 1_000;
  await Bun.sleep(window * 1.2);
  const before = await p95(ground, new Date(Date.now() - window));
  let during = 0;
  await sql.begin("isolation level repeatable read", async (tx) => {
    await tx`select pg_current_xact_id(), count(*) from api.outbox`;
    await Bun.sleep(options.seconds * 1_000);
    during = await p95(ground, new Date(Date.now() - window));
  });
  const counted = await count(ground, await writing.stop());
  return {
    fault: "a transaction held open",
    engine: ground.engine,
    times: 1,
    ...counted,
    further: `${options.perSecond} writes/s for ${options.seconds} s: committed → ${ground.engine === "local" ? "published" : "in the trail"} p95 ${before.toFixed(0)} ms before, ${during.toFixed(0)} ms at its end`,
    kept: counted.refused === 0 && during <= 2 * before + noiseMs,
  };
}

/**
 * How long after their change events of `since` and later came to the log (local), or through it to the trail; milliseconds. Executables on the local
 * engine look for what others published every 250 ms, which would hide the relay.
 */
async function p95({ engine, sql }: Ground, since: Date): Promise<number> {
  const delays =
    engine === "local"
      ? sql`select published_at - (event ->> 'time')::timestamptz as delay from bus.event
          where topic = 'task-events' and (event ->> 'time')::timestamptz >= ${since}`
      : sql`select uuid_extract_timestamp(id) - time as delay from audit.entry where time >= ${since}`;
  const [row] = await sql<{ p95: number }[]>`
    select percentile_cont(0.95) within group (order by extract(epoch from delay) * 1000)::float8 as p95 from (${delays}) as delays`;
  return row?.p95 ?? Number.POSITIVE_INFINITY;
}
