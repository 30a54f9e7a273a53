import type { Person } from "@rondo/testing";
import type { Bench } from "./compare.ts";
import { atLeast, atMost, type Goal } from "./report.ts";
import { entryCount, trailComplete, trailDelays } from "./trail.ts";

const perSecond = 200;
const seconds = 15;
const backlog = 20_000;

/** From a committed event to its entry in the audit trail: in the steady flow, and when a backlog is drained. */
export async function measureFlow({ rondo, person, sql, say }: Bench): Promise<readonly Goal[]> {
  const { origin } = rondo;
  const before = await entryCount(sql);
  const since = new Date();
  await createAtRate(origin, person, perSecond, seconds);
  await trailComplete(sql, before + perSecond * seconds, 30_000);
  const delays = await trailDelays(sql, since);
  say(
    `event → audit entry at ${perSecond}/s: p50 ${delays.p50.toFixed(1)} ms, p95 ${delays.p95.toFixed(1)} ms over ${delays.count}`,
  );

  const drained = await drainBacklog({ rondo, sql, say });
  return [
    atMost("event committed → audit entry: p95", delays.p95, 100, " ms"),
    atLeast("backlog of a stopped consumer drains", drained, 2_000, " events/s"),
  ];
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
 * Rondo stands still while its outbox fills with events, as if so many changes had been made by another process. Answers how many of them reach the
 * trail in a second, from the moment when it goes on.
 */
async function drainBacklog({ sql, rondo, say }: Pick<Bench, "sql" | "rondo" | "say">): Promise<number> {
  const entries = await entryCount(sql);
  rondo.program.kill("SIGSTOP");
  await sql`
    insert into api.outbox (event_id, key, type, payload)
    select id, event ->> 'workspaceid', event ->> 'type', event || jsonb_build_object('id', id)
    from (
      select uuidv7() as id, event from (
        select event::jsonb as event from bus.event where topic = 'task-events' order by id desc limit 1
      ) as newest cross join generate_series(1, ${backlog}::integer)
    ) as repeated`;
  rondo.program.kill("SIGCONT");
  const begun = performance.now();
  await trailComplete(sql, entries + backlog, 120_000);
  const rate = backlog / ((performance.now() - begun) / 1_000);
  say(`a backlog of ${backlog} events, outbox to trail: ${Math.round(rate)} events/s`);
  return rate;
}
