import { taskEvent } from "@rondo/event/testing";
import type { Person } from "@rondo/testing";
import type { Sql } from "postgres";
import type { Bench } from "./compare.ts";
import { atLeast, atMost, type Goal, median } from "./report.ts";
import { inRuns } from "./runs.ts";
import { entryCount, trailComplete, trailDelays } from "./trail.ts";

const perSecond = 200;
const seconds = 6;
const backlog = 20_000;

/** What the flow of events is measured on. */
export interface Flow extends Pick<Bench, "person" | "sql" | "say"> {
  readonly origin: string;
  /** The program with the relay in it. */
  readonly relay: { kill(signal: "SIGSTOP" | "SIGCONT"): void };
  /** What was promised for an event's way to its entry: p95 in milliseconds. */
  readonly wantedMs: number;
  /** Called after each run of the steady flow. */
  readonly afterSteady?: () => Promise<void>;
}

/** From a committed event to its entry in the audit trail: in the steady flow, and when a backlog is drained. */
export async function measureFlow(flow: Flow): Promise<readonly Goal[]> {
  const steady = await inRuns(() => steadyDelay(flow));
  const drained = await inRuns(() => drainBacklog(flow));
  flow.say(
    `event → audit entry at ${perSecond}/s: p95 ${median(steady).toFixed(1)} ms; a backlog of ${backlog} events, outbox to trail: ` +
      `${Math.round(median(drained))} events/s`,
  );
  return [
    atMost("event committed → audit entry: p95", steady, flow.wantedMs, " ms"),
    atLeast("backlog of 20,000 drains, outbox to trail", drained, 2_000, " events/s"),
  ];
}

/** The p95 of one run, in milliseconds. */
async function steadyDelay({ origin, person, sql, afterSteady }: Flow): Promise<number> {
  const before = await entryCount(sql);
  const since = new Date();
  await createAtRate(origin, person, perSecond, seconds);
  await trailComplete(sql, before + perSecond * seconds, 120_000);
  await afterSteady?.();
  return (await trailDelays(sql, since)).p95;
}

async function createAtRate(
  origin: string,
  { token, inbox_id }: Person,
  rate: number,
  duration: number,
): Promise<void> {
  const begun = performance.now();
  const answers: Promise<Response>[] = [];
  for (let made = 0; made < rate * duration; made++) {
    const due = begun + (made / rate) * 1_000;
    if (due > performance.now()) await Bun.sleep(due - performance.now());
    const body = JSON.stringify({ title: `Call ${made}`, project_id: inbox_id });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    answers.push(fetch(`${origin}/api/v1/tasks`, { method: "POST", headers, body }));
  }
  for (const answer of await Promise.all(answers))
    if (answer.status !== 201) throw new Error(`a task was answered ${answer.status}`);
}

/**
 * The relay stands still while its outbox fills with events, as if so many changes had been made by another process. Answers how many of
 * them reach the trail in a second, from the moment when it goes on.
 */
async function drainBacklog({ sql, person, relay }: Flow): Promise<number> {
  const entries = await entryCount(sql);
  relay.kill("SIGSTOP");
  await appendBacklog(sql, person);
  relay.kill("SIGCONT");
  const begun = performance.now();
  await trailComplete(sql, entries + backlog, 300_000);
  return backlog / ((performance.now() - begun) / 1_000);
}

async function appendBacklog(sql: Sql, { workspace_id }: Person): Promise<void> {
  const event = taskEvent("task.updated.v1", { workspace_id });
  await sql`
    insert into api.outbox (event_id, key, type, payload)
    select id, ${workspace_id}, ${event.type}, ${JSON.stringify(event)}::text::jsonb || jsonb_build_object('id', id)
    from (select uuidv7() as id from generate_series(1, ${backlog}::integer)) as new`;
}
