import { afterEach, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { expectNoLeaks, waitFor } from "@rondo/testing";
import { anUpdate, openStuckReader, readEvents, startSync, type TestSync } from "./testing.ts";

let sync: TestSync;
const opened: (() => void)[] = [];

async function open(token: string, query = "") {
  const reader = await readEvents(`${sync.url}/sync/events${query}`, { headers: { authorization: `Bearer ${token}` } });
  opened.push(reader.close);
  return reader;
}

afterEach(async () => {
  for (const close of opened.splice(0)) close();
  await expectNoLeaks({ "open streams": () => sync.sync.size });
  await sync.stop();
});

test("a revoked session's stream ends", async () => {
  sync = startSync({ guardMs: 30 });
  const [ann, bob] = [sync.person(), sync.person()];
  const [hers, his] = [await open(ann.user_id), await open(bob.user_id)];
  sync.people.delete(ann.user_id);
  await hers.ended();
  expect(his.state.ended).toBe(false);
  expect((await open(ann.user_id)).response.status).toBe(401);
});

test("a revoked session's stream ends though the session is still remembered", async () => {
  const revoked = new Problem("unauthenticated", "Sign in first.");
  sync = startSync({ guardMs: 30, recheck: () => Promise.reject(revoked) });
  const stream = await open(sync.person().user_id);
  await stream.ended();
});

test("a stream of a workspace that its viewer has left ends", async () => {
  sync = startSync({ guardMs: 30 });
  const ann = sync.person();
  const stream = await open(ann.user_id);
  sync.people.set(ann.user_id, { ...ann, workspace_id: sync.person().workspace_id });
  await stream.ended();
});

test("a stream whose credential loses the right to read ends", async () => {
  sync = startSync({ guardMs: 30 });
  const ann = sync.person();
  const stream = await open(ann.user_id);
  sync.people.set(ann.user_id, { ...ann, scopes: ["tasks:write"] });
  await stream.ended();
});

test("a stream outlives a moment in which nobody can check its credential, but not a long one", async () => {
  let away = false;
  sync = startSync({
    guardMs: 60,
    authenticate: async (request) => {
      if (away) throw new Problem("unavailable", "The api is away.");
      return sync.authenticate(request);
    },
  });
  const stream = await open(sync.person().user_id);
  const opened = performance.now();
  away = true;
  await stream.ended();
  expect(performance.now() - opened).toBeGreaterThan(120);
});

test("a user's streams are limited, and those of the process; a place that is given back can be taken", async () => {
  sync = startSync({ limits: { perUser: 2, perProcess: 3 } });
  const [ann, bob] = [sync.person(), sync.person()];
  const first = await open(ann.user_id);
  await open(ann.user_id);
  const third = await open(ann.user_id);
  expect(third.response.status).toBe(429);
  expect(third.response.headers.get("retry-after")).toBe("30");
  await open(bob.user_id);
  const full = await open(bob.user_id);
  expect(full.response.status).toBe(503);
  expect(full.response.headers.get("retry-after")).toBe("5");
  first.close();
  await waitFor(async () => (await open(bob.user_id)).response.ok, { what: "the free place" });
});

test("what waits for a reader that does not read stays far below 1 MiB", async () => {
  sync = startSync();
  const ann = sync.person();
  // Answered in this process, so that no buffer of the operating system takes anything from the queue.
  const headers = { authorization: `Bearer ${ann.user_id}` };
  const answer = await sync.sync.app.fetch(new Request("http://rondo.internal/sync/events", { headers }), {});
  let published = 0;
  while (sync.sync.size > 0) sync.publish(anUpdate(ann.workspace_id, ++published));
  const waiting = await answer.bytes();
  expect(waiting.length).toBeGreaterThan(128 * 1024);
  expect(waiting.length).toBeLessThan(512 * 1024);
});

test("a replay that is too much for its reader leaves nothing behind", async () => {
  sync = startSync({ replay: { burst: 5_000 } });
  const ann = sync.person();
  const first = anUpdate(ann.workspace_id);
  sync.publish(first);
  for (let version = 1; version <= 3_000; version++) sync.publish(anUpdate(ann.workspace_id, version));
  const headers = { authorization: `Bearer ${ann.user_id}`, "last-event-id": first.id };
  await sync.sync.app.fetch(new Request("http://rondo.internal/sync/events", { headers }), {});
  expect(sync.sync.size).toBe(0);
  expect(await sync.metric("rondo_sync_streams{")).toBe(0);
});

test("a reader that does not read is disconnected, and the others lose nothing", async () => {
  sync = startSync();
  const { app } = sync.sync;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, self) => app.fetch(request, { server: self }),
  });
  const ann = sync.person();
  const stuck = await openStuckReader(server.url.href, "/sync/events", ann.user_id);
  opened.push(stuck.destroy, () => void server.stop(true));
  await waitFor(() => sync.sync.size === 1, { what: "the stuck reader's stream" });
  const reading = await open(ann.user_id);
  const published = await publishUntilCut(ann.workspace_id, reading);
  expect(reading.received).toHaveLength(published);
  expect(await sync.metric('rondo_sync_endings_total{why="slow"}')).toBe(1);
  await waitFor(() => server.pendingRequests === 0, { what: "the end of its connection" });
});

test("a WebSocket that does not read is disconnected too", async () => {
  sync = startSync();
  const ann = sync.person();
  const stuck = await openStuckReader(sync.url, "/sync/ws", ann.user_id);
  opened.push(stuck.destroy);
  await waitFor(() => sync.sync.size === 1, { what: "the stuck reader's stream" });
  await publishUntilCut(ann.workspace_id, await open(ann.user_id));
  expect(await sync.metric('rondo_sync_endings_total{why="slow"}')).toBe(1);
});

/** Publishes as fast as the good reader reads, until only that one is left. Answers how many messages it took. */
async function publishUntilCut(workspaceId: string, reading: Awaited<ReturnType<typeof open>>): Promise<number> {
  let published = 0;
  while (sync.sync.size > 1) {
    if (published > 200_000) throw new Error("nobody was cut off");
    for (let i = 0; i < 500; i++) sync.publish(anUpdate(workspaceId, ++published));
    await reading.count(published);
  }
  return published;
}

test("draining ends every stream, and then the server", async () => {
  sync = startSync();
  const streams = await Promise.all([1, 2, 3].map(() => open(sync.person().user_id)));
  const begun = performance.now();
  await sync.stop();
  expect(performance.now() - begun).toBeLessThan(2_000);
  for (const stream of streams) await stream.ended();
  expect(sync.sync.size).toBe(0);
});
