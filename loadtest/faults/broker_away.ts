import { type DaprGround, newPeople } from "./ground.ts";
import { count, untilFlowing } from "./ledger.ts";
import { type Row, seconds, thousands } from "./row.ts";
import { othersOf, startWriting } from "./writing.ts";

/** A backlog that long an outage leaves must be gone by then. */
const drainedWithinMs = 30_000;

export interface AwayOptions {
  readonly how: "killed" | "hung";
  readonly seconds: number;
  readonly perSecond: number;
}

/** Kafka is away while tasks are created at a rate, and comes back. */
export async function brokerAway(ground: DaprGround, options: AwayOptions): Promise<Row> {
  const [probe, ...people] = await newPeople(ground, 21);
  if (probe === undefined) throw new Error("nobody signed up");
  const { cluster, api, sql } = ground;
  const writing = startWriting({ people, at: () => api.url, perSecond: options.perSecond });
  const kafka = cluster.kafka.current;
  if (options.how === "killed") await kafka.kill();
  else kafka.pause();
  await Bun.sleep(options.seconds * 1_000);
  const [waiting] = await sql<{ depth: number }[]>`select count(*)::int as depth from api.outbox`;
  if (options.how === "killed") await cluster.kafka.start();
  else kafka.resume();
  const begun = performance.now();
  const recovered_ms = await untilFlowing(ground, probe);
  await untilDrained(ground, begun + 60_000);
  const drained_ms = performance.now() - begun;
  const written = await writing.stop();
  const counted = await count(ground, written);
  const rate = `${options.perSecond} writes/s for ${options.seconds} s`;
  return {
    fault: options.how === "killed" ? "broker down" : "broker hung (SIGSTOP)",
    engine: "dapr",
    times: 1,
    ...counted,
    recovered_ms,
    further: `${rate}, slowest answer ${Math.round(written.slowest_ms)} ms; ${thousands(waiting?.depth ?? 0)} events waited and were through ${seconds(drained_ms)} after its return${othersOf(written)}`,
    kept: counted.refused === 0 && drained_ms < drainedWithinMs,
  };
}

/** Until what waited is published: less is left than comes in a moment. */
async function untilDrained({ sql }: DaprGround, deadline: number): Promise<void> {
  for (;;) {
    const [row] = await sql<{ old: number }[]>`
      select count(*)::int as old from api.outbox where created_at < clock_timestamp() - interval '1 second'`;
    if (row?.old === 0 || performance.now() > deadline) return;
    await Bun.sleep(20);
  }
}
