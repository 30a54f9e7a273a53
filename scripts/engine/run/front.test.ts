import { afterAll, beforeAll, expect, test } from "bun:test";
import { waitFor } from "@rondo/testing";
import { freePort } from "../ports.ts";
import { type Front, startFront } from "./front.ts";

/** A service that tells what it got. */
function service(name: string) {
  const aborted: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request, server) {
      const { pathname, search } = new URL(request.url);
      if (pathname.endsWith("/stream")) return stream(request, () => aborted.push(pathname));
      if (pathname.endsWith("/refused")) return new Response("sign in first", { status: 401 });
      if (server.upgrade(request)) return undefined;
      const headers = Object.fromEntries(request.headers);
      return Response.json(
        { name, path: pathname + search, method: request.method, headers, body: await request.text() },
        {
          status: 201,
          headers: [
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
            ["x-own", name],
          ],
        },
      );
    },
    websocket: {
      open: (socket) => void socket.send(`hello from ${name}`),
      message: (socket, text) => {
        if (text === "leave") socket.close(1012, "restart");
        else socket.send(text);
      },
    },
  });
  return { url: server.url.origin, aborted, stop: () => server.stop(true) };
}

/** One event, and then silence. */
function stream(request: Request, onAbort: () => void): Response {
  request.signal.addEventListener("abort", onAbort);
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

const [web, api] = [service("web"), service("api")];
let front: Front;
let site = "";
beforeAll(() => {
  const away = `http://127.0.0.1:${freePort()}`;
  front = startFront({ port: freePort(), routes: { "/": web.url, "/api": api.url, "/away": away } });
  site = `http://127.0.0.1:${front.port}`;
});
afterAll(() => Promise.all([front.stop(), web.stop(), api.stop()]));

interface Told {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
const told = async (path: string, init?: RequestInit): Promise<Told> => (await fetch(site + path, init)).json();

test("a request goes by the beginning of its path, as it is", async () => {
  expect(await told("/api/v1/tasks?a=%2F")).toMatchObject({ name: "api", path: "/api/v1/tasks?a=%2F", method: "GET" });
  expect((await told("/apix")).name).toBe("web");
  const init = { method: "PUT", body: "x".repeat(100_000), headers: { origin: site, cookie: "c=1" } };
  const { body, headers } = await told("/api", init);
  expect(body).toBe(init.body);
  expect(headers).toMatchObject({ origin: site, cookie: "c=1", host: new URL(site).host });
});

test("an answer comes back with its status and all its headers", async () => {
  const { status, headers } = await fetch(site);
  expect({ status, cookies: headers.getSetCookie(), own: headers.get("x-own") }).toEqual({
    status: 201,
    cookies: ["a=1", "b=2"],
    own: "web",
  });
});

test("a client has the address that it has, whatever it claims", async () => {
  const claims = { "x-forwarded-for": "192.0.2.1", forwarded: "for=192.0.2.1", "x-real-ip": "192.0.2.1" };
  const { headers } = await told("/", { headers: claims });
  expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
  expect([headers.forwarded, headers["x-real-ip"]]).toEqual([undefined, undefined]);
});

test("a stream comes through piece by piece, and ends behind when the client leaves", async () => {
  const leaving = new AbortController();
  const answer = await fetch(`${site}/stream`, { signal: leaving.signal });
  const { value } = (await answer.body?.getReader().read()) ?? {};
  expect(new TextDecoder().decode(value)).toBe("data: 1\n\n");
  leaving.abort();
  await waitFor(() => web.aborted.includes("/stream"), { what: "the service to hear of it" });
});

test("a WebSocket comes through, both ways, and its end too", async () => {
  const socket = new WebSocket(`${site.replace("http", "ws")}/api/ws`);
  const got: unknown[] = [];
  socket.onmessage = ({ data }) => got.push(data);
  await waitFor(() => got.length === 1, { what: "the first message" });
  socket.send("echo");
  await waitFor(() => got.length === 2, { what: "the echo" });
  expect(got).toEqual(["hello from api", "echo"]);
  const closed = new Promise((resolve) => {
    socket.onclose = ({ code, reason }) => resolve({ code, reason });
  });
  socket.send("leave");
  expect(await closed).toEqual({ code: 1012, reason: "restart" });
});

test("a refused WebSocket is refused with the service's own answer", async () => {
  const headers = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": btoa("0123456789abcdef"),
  };
  const answer = await fetch(`${site}/refused`, { headers });
  expect([answer.status, await answer.text()]).toEqual([401, "sign in first"]);
});

test("a service that is away is 502", async () => {
  expect((await fetch(`${site}/away`)).status).toBe(502);
});

test("a taken port is said in a line", () => {
  expect(() => startFront({ port: front.port, routes: {} })).toThrow(/is in use by another program/);
});
