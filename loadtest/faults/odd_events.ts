import { defaultPolicy, pauseAfter } from "@rondo/bus";
import type { CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import { waitFor } from "@rondo/testing";
import { type Ground, newPeople } from "./ground.ts";
import { type Counted, count } from "./ledger.ts";
import { type Row, seconds } from "./row.ts";
import { createTask, startWriting } from "./writing.ts";

/** The same events again and again, in any order and side by side. */
export async function repeated(
  ground: Ground,
  { events: size, times }: { events: number; times: number },
): Promise<Row> {
  const events = Array.from({ length: size }, () => taskEvent("task.completed.v1"));
  const sent = Array.from({ length: times }, () => events).flat();
  const shuffled = sent.map((event) => ({ event, place: Math.random() })).sort((a, b) => a.place - b.place);
  const publishers = Array.from({ length: 8 }, async (_, number) => {
    const share = shuffled.filter((_, index) => index % 8 === number).map(({ event }) => event);
    for (let from = 0; from < share.length; from += 20) await publish(ground, share.slice(from, from + 20));
  });
  const begun = performance.now();
  await Promise.all(publishers);
  const counted = await countEvents(ground, events);
  const further = `${sent.length} deliveries of ${size} events, shuffled, by 8 publishers at once, in ${seconds(performance.now() - begun)}`;
  return { fault: "the same event 10 times", engine: ground.engine, times, ...counted, further, kept: true };
}

/** What is unknown is published again, as the relay would. */
async function publish(ground: Ground, events: readonly CloudEvent[]): Promise<void> {
  await waitFor(
    async () => (await ground.bus.publish("task-events", events)).every((outcome) => outcome === "acknowledged"),
    { what: "the events to be taken" },
  );
}

async function countEvents({ sql }: Ground, events: readonly CloudEvent[]): Promise<Counted> {
  const ids = events.map(({ id }) => id);
  const entries = () => sql<{ event_id: string }[]>`select event_id from audit.entry where event_id = any(${ids})`;
  await waitFor(async () => (await entries()).length >= ids.length, {
    what: "entries",
    everyMs: 50,
  });
  const found = await entries();
  const different = new Set(found.map((entry) => entry.event_id)).size;
  const [lost, doubled] = [ids.length - different, found.length - different];
  return { acknowledged: ids.length, refused: 0, lost, doubled, disordered: 0 };
}

/** A newer minor version of an event: members and attributes that nobody here knows. */
export async function newerMinor(ground: Ground): Promise<Row> {
  const known = taskEvent("task.created.v1");
  const task = { ...known.data.task, colour: "red" };
  await ground.inject(
    known.workspaceid,
    JSON.stringify({ ...known, mood: "sunny", data: { ...known.data, task, weather: [1] } }),
  );
  const counted = await countEvents(ground, [known]);
  const letters = await lettersOf(ground, known.workspaceid);
  const further = "consumed like any other; what is new in it is passed over";
  return {
    fault: "a newer minor version of an event",
    engine: ground.engine,
    times: 1,
    ...counted,
    further,
    kept: letters.length === 0,
  };
}

/** An event of a type that nobody here knows, as a newer program makes it: the trail records it from its envelope. */
export async function unknownType(ground: Ground): Promise<Row> {
  const known = taskEvent("task.created.v1");
  await ground.inject(known.workspaceid, JSON.stringify({ ...known, type: "comment.added.v1", data: { comment: {} } }));
  const counted = await countEvents(ground, [known]);
  const letters = await lettersOf(ground, known.workspaceid);
  const further = "recorded in the trail from its envelope";
  return {
    fault: "an event type nobody knows",
    engine: ground.engine,
    times: 1,
    ...counted,
    further,
    kept: letters.length === 0,
  };
}

/** What is no CloudEvent at all, among good ones. */
export async function malformed(ground: Ground): Promise<Row> {
  const people = await newPeople(ground, 6);
  const writing = startWriting({ people, at: () => ground.api.url, perSecond: 60 });
  const event = taskEvent("task.created.v1");
  const odd = [
    JSON.stringify({ specversion: "1.0", type: 7 }),
    JSON.stringify({ ...event, traceparent: 7, traceid: {} }),
    JSON.stringify([]),
    ...(ground.engine === "dapr" ? ["no JSON", ""] : []),
  ];
  const keys = odd.map(() => crypto.randomUUID());
  for (const [index, text] of odd.entries()) await ground.inject(keys[index] ?? "", text);
  const letters = await waitFor(
    async () => {
      const found = (await Promise.all(keys.map((key) => lettersOf(ground, key)))).flat();
      return found.length >= odd.length ? found : undefined;
    },
    { what: "the dead letters", everyMs: 200 },
  );
  const counted = await count(ground, await writing.stop());
  const alive = ground.engine === "local" || (await isWell(ground.audit.sidecar.url));
  const reasons = [...new Set(letters.map(({ reason }) => `“${shortened(reason)}”`))].join(", ");
  return {
    fault: "malformed CloudEvents on the topic",
    engine: ground.engine,
    times: odd.length,
    ...counted,
    further: `among the dead letters with its reason: ${reasons}${ground.engine === "dapr" ? "; daprd alive" : ""}`,
    kept: alive && letters.length === odd.length,
  };
}

/** The first of several reasons, at most so long that a table can hold it. */
function shortened(reason: string): string {
  const [first = "", ...more] = reason.split("; ");
  return `${first.slice(0, 80)}${more.length > 0 ? "; …" : ""}`;
}

const isWell = async (sidecar: string): Promise<boolean> =>
  (await fetch(`${sidecar}/v1.0/healthz/outbound`)).status === 204;

const lettersOf = async (ground: Ground, key: string) =>
  (await ground.deadLetters()).filter((letter) => letter.key === key);

const policyMs = Array.from({ length: defaultPolicy.tries - 1 }, (_, index) =>
  pauseAfter(index + 1, defaultPolicy),
).reduce((sum, ms) => sum + ms, 0);

/** An event that the consumer's database refuses for a reason that might pass: tried again by the policy, then a dead letter, then replayed. */
export async function poisoned(ground: Ground): Promise<Row> {
  const [victim, ...people] = await newPeople(ground, 13);
  if (victim === undefined) throw new Error("nobody signed up");
  const { api, sql } = ground;
  const title = `poison ${crypto.randomUUID()}`;
  await sql.unsafe(`
    create function audit.refuse_poison() returns trigger language plpgsql as
      $$ begin raise exception 'this one is refused' using errcode = 'internal_error'; end $$;
    create trigger poison before insert on audit.entry for each row when (new.changes #>> '{title,1}' = '${title}')
      execute function audit.refuse_poison()`);
  const writing = startWriting({ people, at: () => api.url, perSecond: 60 });
  if ((await createTask(api.url, victim, title)) !== 201) throw new Error("the poison was not written");
  if ((await createTask(api.url, victim, "behind")) !== 201) throw new Error("what follows was not written");
  const letter = await waitFor(async () => (await lettersOf(ground, victim.workspace_id))[0], {
    what: "the dead letter",
    deadlineMs: 90_000,
    everyMs: 500,
  });
  const ofVictim = (wanted: string) => sql`
    select from audit.entry where workspace_id = ${victim.workspace_id} and changes #>> '{title,1}' = ${wanted}`;
  await waitFor(async () => (await ofVictim("behind")).count > 0, { what: "what came behind it" });
  const written = await writing.stop();
  const counted = await count(ground, written);
  await sql.unsafe("drop trigger poison on audit.entry; drop function audit.refuse_poison()");
  await ground.replay(letter.id);
  await waitFor(async () => (await ofVictim(title)).count > 0, { what: "the replayed event" });
  const left = await lettersOf(ground, victim.workspace_id);
  const [row] = await sql<{ longest: number }[]>`
    select max(extract(epoch from uuid_extract_timestamp(id) - time) * 1000)::float8 as longest from audit.entry
    where workspace_id = any(${[...written.acknowledged.keys()]})`;
  const longest = row?.longest ?? Number.POSITIVE_INFINITY;
  return {
    fault: "a poisoned event",
    engine: ground.engine,
    times: 1,
    ...counted,
    further: `dead letter after ${letter.tries} tries: “${letter.reason}”; other workspaces waited ${seconds(longest)} at most (policy: ${seconds(policyMs)}); replayed`,
    kept: letter.tries === defaultPolicy.tries && left.length === 0 && longest < policyMs + 5_000,
  };
}
