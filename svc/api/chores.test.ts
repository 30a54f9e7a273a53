import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Scheduler } from "@rondo/scheduler";
import { newId } from "@rondo/testing";
import { type ApiFixture, createApiFixture } from "./api.fixture.ts";
import { scheduleApiChores } from "./chores.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

type Work = Parameters<Scheduler["every"]>[2];

/** The chores by name, and how often each comes back in minutes. */
function chores() {
  const works = new Map<string, { minutes: number; work: Work }>();
  const every: Scheduler["every"] = (name, everyMs, work) => void works.set(name, { minutes: everyMs / 60_000, work });
  const refuse = () => {
    throw new Error("chores only come back");
  };
  const scheduler = { every, handle: refuse, schedule: refuse, cancel: refuse, start: refuse, stop: refuse };
  scheduleApiChores(scheduler, { db: api.db, clock: api.clock, newId });
  return works;
}

test("every ten minutes the bin is emptied, by the service's clock", async () => {
  const ada = await api.caller();
  const task = await ada.task();
  await ada.remove(`/tasks/${task.id}`);
  const chore = chores().get("api-bin");
  expect(chore?.minutes).toBe(10);
  await chore?.work(new AbortController().signal);
  expect((await ada.get(`/tasks/${task.id}`)).status).toBe(200);
  api.clock.advance(31 * 86_400_000);
  await chore?.work(AbortSignal.abort());
  expect((await ada.get(`/tasks/${task.id}`)).status).toBe(200);
  await chore?.work(new AbortController().signal);
  expect((await ada.get(`/tasks/${task.id}`)).status).toBe(404);
});

test("every ten minutes limits that are over are forgotten", async () => {
  await api.sql`
    insert into api.rate_limit (name, key, used, granted, ends_at) values ('x', 'over', 1, 1, now()), ('x', 'on', 1, 1, now() + interval '1 hour')`;
  const chore = chores().get("api-trim");
  expect(chore?.minutes).toBe(10);
  await chore?.work(new AbortController().signal);
  const left = await api.sql<{ key: string }[]>`select key from api.rate_limit where name = 'x'`;
  expect(left.map(({ key }) => key)).toEqual(["on"]);
});
