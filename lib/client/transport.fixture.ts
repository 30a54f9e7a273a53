import { afterEach } from "bun:test";
import type { Service } from "@rondo/contract";
import { createSidecar, type Sidecar } from "@rondo/sidecar";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A loopback server that ends with the test. */
export function listen(fetch: (request: Request) => Response | Promise<Response>): { readonly url: string } {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch });
  stops.push(() => server.stop(true));
  return { url: server.url.href };
}

/** A service that answers the n-th request by `answers[n]`, or by the last one. */
export function serve(...answers: (() => Response | Promise<Response>)[]) {
  const bodies: string[] = [];
  const { url } = listen(async (request) => {
    bodies.push(await request.text());
    const next = answers[Math.min(bodies.length, answers.length) - 1];
    return next ? next() : new Response("ok");
  });
  return { url, bodies };
}

/** Somebody at an address that was nobody's. */
export function serveAt(url: string): { readonly bodies: readonly string[] } {
  const bodies: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: Number(new URL(url).port),
    async fetch(request) {
      const body = await request.text();
      bodies.push(body);
      return new Response(`arrived: ${body}`);
    },
  });
  stops.push(() => server.stop(true));
  return { bodies };
}

/** The address of nobody. */
export async function nowhere(): Promise<string> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { href } = server.url;
  await server.stop(true);
  return href;
}

/**
 * Stands for the two sidecars on the way of a call, as daprd 1.18.2 does it: wants its token, decodes and cleans the path, shows the
 * other side's token, appends the caller's host to X-Forwarded-For, and says in its own form that it could not reach anybody.
 */
export function sidecarBeside(urls: Readonly<Record<Service, string>>): { sidecar: Sidecar; stop(): Promise<void> } {
  const token = "to-the-sidecar";
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => invoke(urls, token, request) });
  return { sidecar: createSidecar({ url: server.url.href, token }), stop: () => server.stop(true) };
}

/** The same, ending with the test. */
export function sidecarTo(urls: Readonly<Record<Service, string>>): Sidecar {
  const { sidecar, stop } = sidecarBeside(urls);
  stops.push(stop);
  return sidecar;
}

async function invoke(urls: Readonly<Record<Service, string>>, token: string, request: Request): Promise<Response> {
  if (request.headers.get("dapr-api-token") !== token) return new Response("invalid api token", { status: 401 });
  const { pathname, search } = new URL(request.url);
  const [, appId = "", method = ""] = /^\/v1\.0\/invoke\/([^/]+)\/method\/(.*)$/.exec(pathname) ?? [];
  const base = appId === "api" || appId === "audit" ? urls[appId] : undefined;
  if (base === undefined) return refuse(`couldn't find service: ${appId}`);
  const headers = new Headers(request.headers);
  headers.set("dapr-api-token", "to-the-app");
  headers.set("dapr-caller-app-id", "web");
  headers.append("x-forwarded-for", "10.0.0.9");
  const target = new URL(`/${decodeURIComponent(method)}${search}`, base);
  const body = request.body === null ? null : await request.arrayBuffer();
  try {
    return await fetch(target, { method: request.method, headers, body, redirect: "manual", decompress: false });
  } catch (error) {
    const refused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
    return refuse(refused ? "dial tcp 127.0.0.1:1: connect: connection refused" : "EOF");
  }
}

function refuse(why: string): Response {
  return Response.json(
    { errorCode: "ERR_DIRECT_INVOKE", message: `failed to invoke, id: x, err: ${why}` },
    { status: 500 },
  );
}
