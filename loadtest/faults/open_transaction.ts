import { bucketsOf, quantile } from "../prometheus.ts";
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

/** The p95 may become twice what it was, beyond what a busy machine's own noise is. */
const noiseMs = 10;

/** Somebody's transaction keeps an old snapshot for minutes, so that no row that was published can be cleaned away. */
export async function openTransaction(ground: Ground, options: OpenTransactionOptions): Promise<Row> {
  const people = await newPeople(ground, 10);
  const { api, sql } = ground;
  const writing = startWriting({ people, at: () => api.url, perSecond: options.perSecond });
  const before = await delaysOver(ground, options.windowSeconds);
  const during = await sql.begin("isolation level repeatable read", async (tx) => {
    await tx`select pg_current_xact_id(), count(*) from api.outbox`;
    await Bun.sleep((options.seconds - options.windowSeconds) * 1_000);
    return await delaysOver(ground, options.windowSeconds);
  });
  const counted = await count(ground, await writing.stop());
  const inWords = ({ relay_ms, trail_ms }: Delays) =>
    `published ${relay_ms.toFixed(0)} ms, in the trail ${trail_ms.toFixed(0)} ms`;
  return {
    fault: "a transaction held open",
    engine: ground.engine,
    times: 1,
    ...counted,
    further: `${options.perSecond} writes/s for ${options.seconds} s; p95 from commit: ${inWords(before)} before, ${inWords(during)} at its end`,
    kept: counted.refused === 0 && during.relay_ms <= 2 * before.relay_ms + noiseMs,
  };
}

/** p95 of an event's way from its change, in milliseconds. */
interface Delays {
  /** To the acknowledgement of the engine: the relay's work. */
  readonly relay_ms: number;
  /** To its entry in the trail. */
  readonly trail_ms: number;
}

async function delaysOver({ api, sql }: Ground, seconds: number): Promise<Delays> {
  const since = new Date();
  const first = await bucketsOf(api.admin, histogram);
  await Bun.sleep(seconds * 1_000);
  const last = await bucketsOf(api.admin, histogram);
  const [row] = await sql<{ p95: number }[]>`
    select percentile_cont(0.95) within group (order by extract(epoch from uuid_extract_timestamp(id) - time) * 1000)::float8 as p95
    from audit.entry where time >= ${since}`;
  return { relay_ms: quantile(0.95, first, last) * 1_000, trail_ms: row?.p95 ?? Number.POSITIVE_INFINITY };
}

const histogram = "rondo_outbox_delay_seconds";
