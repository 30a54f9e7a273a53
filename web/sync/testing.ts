import { createConnection } from "node:net";
import type { Broadcast } from "@rondo/bus";
import type { CloudEvent } from "@rondo/event";
import { adminApp, createStreams, type Running, serve } from "@rondo/http";
import type { Authenticator, Principal } from "@rondo/identity";
import { Problem } from "@rondo/problem";
import { createMetrics } from "@rondo/telemetry";
import { aPrincipal, newId, waitFor } from "@rondo/testing";
import { createApp, type SyncDeps } from "./app.ts";

export const origin = "http://rondo.example";

interface Overrides extends Partial<Omit<SyncDeps, "authenticate">> {
  readonly authenticate?: Authenticator;
  /** Like `authenticate` unless told. */
  readonly recheck?: Authenticator;
}

/** A sync server on loopback whose people, events and clock the test decides. */
export function startSync(overrides: Overrides = {}) {
  const people = new Map<string, Principal>();
  const broadcasts: Broadcast[] = [];
  const metrics = createMetrics();
  const streams = createStreams();
  const known: Authenticator = async (request) => {
    const principal = people.get(request.headers.get("authorization")?.replace("Bearer ", "") ?? "");
    if (!principal) throw new Problem("unauthenticated", "Sign in first.");
    const asked = request.headers.get("rondo-workspace");
    if (asked !== null && asked !== principal.workspace_id)
      throw new Problem("not_found", "There is no such thing here.");
    return principal;
  };
  const { authenticate: identify = known, recheck = identify, ...rest } = overrides;
  const authenticate = Object.assign((request: Request) => identify(request), { recheck });
  const bus = { broadcast: (broadcast: Broadcast) => void broadcasts.push(broadcast) };
  const limits = { perUser: 20, perProcess: 100 };
  const sync = createApp({ bus, authenticate, streams, metrics, origin, limits, ...rest });
  const admin = adminApp({ ready: {}, metrics });
  const running: Running = serve({
    app: sync.app,
    websocket: sync.websocket,
    host: "127.0.0.1",
    port: 0,
    adminApp: admin,
    adminPort: 0,
    drain: { noticeMs: 0, streams, consumers: [sync.stop] },
  });
  return {
    url: running.url,
    sync,
    people,
    metrics,
    stop: running.stop,
    authenticate: known,
    /** Makes up somebody; their token is their id. */
    person(workspace_id: string = newId()): Principal {
      const principal = aPrincipal({ workspace_id });
      people.set(principal.user_id, principal);
      return principal;
    },
    publish(event: CloudEvent): void {
      for (const { handle } of broadcasts) handle(event);
    },
    /** The bus has begun: nothing is missed from now on. */
    begin(): void {
      for (const { begin } of broadcasts) begin?.();
    },
    metric: async (name: string): Promise<number> => {
      const line = (await metrics.render()).split("\n").find((candidate) => candidate.startsWith(name));
      return Number(line?.split(" ").at(-1) ?? 0);
    },
  };
}

export type TestSync = ReturnType<typeof startSync>;

/** A slim event of `task-updates`, as the relay publishes it. */
export function anUpdate(workspaceid: string, version = 1, id: string = newId()): CloudEvent<"workspace.changed.v1"> {
  const task = newId();
  return {
    specversion: "1.0",
    id,
    source: "/rondo/api",
    type: "workspace.changed.v1",
    subject: task,
    time: new Date().toISOString(),
    datacontenttype: "application/json",
    dataschema: "/schemas/workspace.changed.v1.json",
    workspaceid,
    actorid: newId(),
    actortype: "user",
    data: { type: "task.updated.v1", kind: "task", id: task, project_id: newId(), version },
  };
}

export interface Received {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** A minimal reader of Server-Sent Events: the messages, the comments, and the last id, as a browser keeps them. */
export async function readEvents(url: string, init: RequestInit = {}) {
  const abort = new AbortController();
  const response = await fetch(url, { ...init, signal: abort.signal });
  const received: Received[] = [];
  const state = { ended: false, text: "", lastId: "" };
  const read = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of body) {
      const text = decoder.decode(chunk, { stream: true });
      state.text += text;
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const fields = new Map(
          block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
        );
        state.lastId = fields.get("id") ?? state.lastId;
        const data = fields.get("data");
        if (data !== undefined) received.push({ id: state.lastId, event: fields.get("event") ?? "", data });
      }
    }
  };
  if (response.ok && response.body) {
    read(response.body)
      .catch(() => undefined)
      .finally(() => {
        state.ended = true;
      });
  }
  return {
    response,
    received,
    state,
    close: () => abort.abort(),
    /** Waits until so many messages are there. */
    count: (messages: number) => waitFor(() => received.length >= messages, { what: `${messages} messages` }),
    ended: () => waitFor(() => state.ended, { what: "the end of the stream" }),
  };
}

/** A client that asks for a stream (SSE or WebSocket, by the path) and then reads nothing. */
export async function openStuckReader(url: string, path: string, token: string) {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.on("error", () => socket.destroy());
  socket.pause();
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${hostname}`, `Authorization: Bearer ${token}`];
  if (path.endsWith("/ws")) {
    lines.push("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13");
    lines.push("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
  }
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return { destroy: () => void socket.destroy() };
}
