import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { expectNoLeaks, fakeClock, newId, waitFor } from "@rondo/testing";
import { cursorAt } from "./cursor.ts";
import { anUpdate, readEvents, startSync, type TestSync } from "./testing.ts";

let sync: TestSync;
const opened: { close(): void }[] = [];

function start(overrides: Parameters<typeof startSync>[0] = {}): void {
  sync = startSync(overrides);
}

async function open(token: string, query = "", headers: Record<string, string> = {}) {
  const init = { headers: { authorization: `Bearer ${token}`, ...headers } };
  const reader = await readEvents(`${sync.url}/sync/events${query}`, init);
  opened.push(reader);
  return reader;
}

beforeEach(() => start());
afterEach(async () => {
  for (const reader of opened.splice(0)) reader.close();
  await expectNoLeaks({
    "open streams": () => sync.sync.size,
    "counted streams": () => sync.metric("rondo_sync_streams{"),
  });
  await sync.stop();
});

describe("a stream", () => {
  test("says what changed, and never its content", async () => {
    const ann = sync.person();
    const stream = await open(ann.user_id);
    const event = anUpdate(ann.workspace_id, 4);
    sync.publish(event);
    await stream.count(1);
    const { type, id, project_id, version } = event.data;
    expect(stream.received).toEqual([
      { id: event.id, event: "task", data: JSON.stringify({ type, id, project_id, version }) },
    ]);
  });

  test("that was opened before the first event could be heard is told to look again, once that can be", async () => {
    const ann = sync.person();
    const early = await open(ann.user_id);
    sync.begin();
    await early.count(1);
    expect(early.received).toMatchObject([{ event: "resync" }]);
    const event = anUpdate(ann.workspace_id);
    sync.publish(event);
    await early.count(2);
    expect(early.received[1]?.id).toBe(event.id);
  });

  test("asks to come back soon, is not to be stored or held back, and keeps the page's place in the back-forward cache", async () => {
    const { response, state } = await open(sync.person().user_id);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    await waitFor(() => /^retry: \d+\n/m.test(state.text), { what: "the opening" });
  });

  test("carries its workspace only", async () => {
    const [ann, bob] = [sync.person(), sync.person()];
    const [hers, his] = [await open(ann.user_id), await open(bob.user_id)];
    sync.publish(anUpdate(ann.workspace_id, 1));
    sync.publish(anUpdate(newId(), 2));
    sync.publish(anUpdate(bob.workspace_id, 3));
    await his.count(1);
    await hers.count(1);
    expect(his.state.text).not.toContain('"version":1');
    expect(his.state.text + hers.state.text).not.toContain('"version":2');
    expect(hers.state.text).not.toContain('"version":3');
  });

  test("is refused without a credential, for a foreign workspace, and without the right to read", async () => {
    const [ann, bob] = [sync.person(), sync.person()];
    expect((await open("nobody")).response.status).toBe(401);
    expect((await open(ann.user_id, `?workspace=${bob.workspace_id}`)).response.status).toBe(404);
    expect((await open(ann.user_id, "?workspace=a%0Ab")).response.status).toBe(404);
    expect((await open(ann.user_id, `?workspace=${ann.workspace_id}`)).response.status).toBe(200);
    sync.people.set(ann.user_id, { ...ann, scopes: ["tasks:write"] });
    expect((await open(ann.user_id)).response.status).toBe(403);
  });

  test("is not opened by HEAD, nor left behind by a client that goes while it is being let in", async () => {
    const gate = Promise.withResolvers<void>();
    await sync.stop();
    let waiting = 0;
    start({
      authenticate: async (request) => {
        waiting++;
        await gate.promise;
        return sync.authenticate(request);
      },
    });
    const ann = sync.person();
    const headers = { authorization: `Bearer ${ann.user_id}` };
    const abort = new AbortController();
    const leaving = fetch(`${sync.url}/sync/events`, { headers, signal: abort.signal }).catch(() => "gone");
    const head = fetch(`${sync.url}/sync/events`, { method: "HEAD", headers });
    await waitFor(() => waiting === 2, { what: "both requests" });
    abort.abort();
    expect(await leaving).toBe("gone");
    // A later request is answered later: by then the server knows that the first one's client is gone.
    expect((await fetch(`${sync.url}/nowhere`)).status).toBe(404);
    gate.resolve();
    expect((await head).status).toBe(200);
    await expectNoLeaks({ "open streams": () => sync.sync.size });
  });
});

describe("coming back", () => {
  test("with the last id brings exactly what was missed, in order", async () => {
    const ann = sync.person();
    const first = await open(ann.user_id);
    const events = [1, 2, 3].map((version) => anUpdate(ann.workspace_id, version));
    for (const event of events.slice(0, 1)) sync.publish(event);
    await first.count(1);
    first.close();
    for (const event of events.slice(1)) sync.publish(event);
    for (const again of [
      await open(ann.user_id, "", { "last-event-id": first.state.lastId }),
      await open(ann.user_id, `?last=${first.state.lastId}`),
    ]) {
      await again.count(2);
      expect(again.received.map(({ id }) => id)).toEqual(events.slice(1).map(({ id }) => id));
    }
  });

  test("with an id that is not known any more brings one resync, and the stream goes on", async () => {
    const ann = sync.person();
    const stream = await open(ann.user_id, "", { "last-event-id": "00000000-0000-7000-8000-000000000000" });
    await stream.count(1);
    expect(stream.received[0]).toMatchObject({ event: "resync", data: "{}" });
    sync.publish(anUpdate(ann.workspace_id));
    await stream.count(2);
    expect(await sync.metric("rondo_sync_resyncs_total")).toBe(1);
  });

  test("with the moment of a page's rendering brings what happened since", async () => {
    await sync.stop();
    const clock = fakeClock();
    start({ clock });
    const ann = sync.person();
    clock.advance(60_000);
    const rendered = cursorAt(clock().getTime());
    clock.advance(50);
    const event = anUpdate(ann.workspace_id);
    sync.publish(event);
    const stream = await open(ann.user_id, `?last=${rendered}`);
    await stream.count(1);
    expect(stream.received.map(({ id }) => id)).toEqual([event.id]);
  });

  test("after the process was restarted brings a resync", async () => {
    const ann = sync.person();
    const event = anUpdate(ann.workspace_id);
    const before = await open(ann.user_id);
    sync.publish(event);
    await before.count(1);
    before.close();
    await sync.stop();
    start();
    sync.people.set(ann.user_id, ann);
    const after = await open(ann.user_id, "", { "last-event-id": before.state.lastId });
    await after.count(1);
    expect(after.received[0]?.event).toBe("resync");
  });
});

describe("heartbeats", () => {
  test("are comments; in a quiet workspace they also move the cursor, unseen", async () => {
    await sync.stop();
    start({ heartbeatMs: 20 });
    const stream = await open(sync.person().user_id);
    await waitFor(() => stream.state.text.split(": heartbeat\n").length > 3, { what: "heartbeats" });
    expect(stream.received).toEqual([]);
    expect(stream.state.text).toMatch(/: heartbeat\nid: [0-9a-f-]{36}\n\n/);
  });

  test("do not replace an id that is exact", async () => {
    await sync.stop();
    start({ heartbeatMs: 20 });
    const ann = sync.person();
    const stream = await open(ann.user_id);
    const event = anUpdate(ann.workspace_id);
    sync.publish(event);
    await stream.count(1);
    const seen = stream.state.text.length;
    await waitFor(() => stream.state.text.slice(seen).split(": heartbeat\n").length > 2, { what: "heartbeats" });
    expect(stream.state.lastId).toBe(event.id);
  });

  test("are rarer than the time after which the server ends a silent connection, which is lifted", async () => {
    const { app } = sync.sync;
    const silent = () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }));
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 1,
      fetch: (request, self) => (request.url.endsWith("/silent") ? silent() : app.fetch(request, { server: self })),
    });
    const headers = { authorization: `Bearer ${sync.person().user_id}` };
    const stream = await readEvents(`${server.url.origin}/sync/events`, { headers });
    opened.push(stream, { close: () => void server.stop(true) });
    const other = await readEvents(`${server.url.origin}/silent`);
    await waitFor(() => other.state.ended, { what: "the server's idle timeout" });
    expect(stream.state.ended).toBe(false);
  });
});
