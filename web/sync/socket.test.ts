import { afterEach, beforeEach, expect, test } from "bun:test";
import { expectNoLeaks, waitFor } from "@rondo/testing";
import { anUpdate, origin, startSync, type TestSync } from "./testing.ts";

let sync: TestSync;
const opened: WebSocket[] = [];

function connect(token: string, query = "", headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
  // Bun's WebSocket takes headers, of which the DOM's types know nothing.
  const socket: WebSocket = Reflect.construct(WebSocket, [
    `${sync.url.replace("http", "ws")}/sync/ws${query}`,
    { headers },
  ]);
  opened.push(socket);
  const received: { id: string; event: string; data: Record<string, unknown> }[] = [];
  const state = { open: false, closed: 0 };
  socket.onopen = () => {
    state.open = true;
  };
  socket.onmessage = ({ data }) => received.push(JSON.parse(String(data)));
  socket.onclose = ({ code }) => {
    state.closed = code;
  };
  const until = (event: string) => waitFor(() => received.find((message) => message.event === event), { what: event });
  return { socket, received, state, until };
}

const closed = ({ state }: ReturnType<typeof connect>) => waitFor(() => state.closed, { what: "the close" });

beforeEach(() => {
  sync = startSync();
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.close();
  await expectNoLeaks({
    "open streams": () => sync.sync.size,
    "counted streams": () => sync.metric("rondo_sync_streams{"),
  });
  await sync.stop();
});

test("a WebSocket carries the same messages as JSON, of its workspace only", async () => {
  const [ann, bob] = [sync.person(), sync.person()];
  const hers = connect(ann.user_id);
  await hers.until("hello");
  sync.publish(anUpdate(bob.workspace_id));
  const event = anUpdate(ann.workspace_id, 7);
  sync.publish(event);
  const message = await hers.until("task");
  const { type, id, project_id, version } = event.data;
  expect(message).toEqual({ id: event.id, event: "task", data: { type, id, project_id, version } });
  expect(hers.received).toHaveLength(2);
});

test("a WebSocket replays what was missed, or says resync", async () => {
  const ann = sync.person();
  const [first, second] = [anUpdate(ann.workspace_id), anUpdate(ann.workspace_id)];
  sync.publish(first);
  sync.publish(second);
  const back = connect(ann.user_id, `?last=${first.id}`);
  expect((await back.until("task")).id).toBe(second.id);
  await connect(ann.user_id, "?last=unknown").until("resync");
});

test("a page of another site cannot open a WebSocket with its visitor's cookie", async () => {
  const ann = sync.person();
  const hostile = connect(ann.user_id, "", { cookie: "rondo_session=x", origin: "https://evil.example" });
  await closed(hostile);
  expect(hostile.state.open).toBe(false);
  const answer = await fetch(`${sync.url}/sync/ws`, {
    headers: {
      origin: "https://evil.example",
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
    },
  });
  expect(answer.status).toBe(403);
  const ours = connect(ann.user_id, "", { authorization: `Bearer ${ann.user_id}`, origin });
  await ours.until("hello");
});

test("a plain request to the WebSocket's address is refused", async () => {
  const headers = { authorization: `Bearer ${sync.person().user_id}` };
  expect((await fetch(`${sync.url}/sync/ws`, { headers })).status).toBe(400);
});

test("a revoked session's WebSocket is closed", async () => {
  await sync.stop();
  sync = startSync({ guardMs: 30 });
  const ann = sync.person();
  const socket = connect(ann.user_id);
  await socket.until("hello");
  sync.people.delete(ann.user_id);
  expect(await closed(socket)).toBe(1008);
});

test("draining closes a WebSocket so that its client comes back elsewhere", async () => {
  const socket = connect(sync.person().user_id);
  await socket.until("hello");
  await sync.stop();
  expect(await closed(socket)).toBe(1012);
});

test("a client that sends more than a little is disconnected", async () => {
  const socket = connect(sync.person().user_id);
  await socket.until("hello");
  socket.socket.send("x".repeat(100));
  socket.socket.send("x".repeat(2_000));
  await closed(socket);
});
