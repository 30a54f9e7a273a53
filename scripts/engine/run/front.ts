import { combine, listen } from "@rondo/http";
import type { Server } from "bun";
import { openTunnel, type Tunnel, tunnels } from "./tunnel.ts";

export interface FrontOptions {
  readonly port: number;
  /** Beginnings of paths, and the services behind them (`http://127.0.0.1:1234`); the longest beginning wins. */
  readonly routes: Readonly<Record<`/${string}`, string>>;
}

export interface Front {
  readonly port: number;
  /** Takes no more connections, and ends those that are open. */
  stop(): Promise<void>;
}

/** Of one connection, not of what it carries (RFC 9110 section 7.6.1). */
const hopByHop = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/**
 * One site for several services, as an ingress makes it in Kubernetes: requests go by the beginning of their path, streams
 * and WebSockets straight through. The address of the client is the one that it has, not one that it claims.
 * @throws ListenError when the port is taken
 */
export function startFront({ port, routes }: FrontOptions): Front {
  const services = Object.entries(routes).map(([prefix, url]) => {
    const fetch = (request: Request) => forward(request, new URL(url), server);
    return [prefix, { fetch }];
  });
  const site = combine(Object.fromEntries(services));
  const server = listen("127.0.0.1", port, () =>
    Bun.serve<Tunnel>({
      hostname: "127.0.0.1",
      port,
      idleTimeout: 0,
      fetch: (request) => site.fetch(request, {}),
      websocket: tunnels,
    }),
  );
  return { port: server.port ?? port, stop: () => server.stop(true) };
}

async function forward(request: Request, service: URL, server: Server<Tunnel>): Promise<Response> {
  const headers = headersFor(request, server);
  const target = new URL(request.url);
  target.host = service.host;
  try {
    if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
      const data = await openTunnel(target, headers);
      if (data !== undefined && server.upgrade(request, { data })) return new Response(null);
    }
    const { method, body, signal } = request;
    const answer = await fetch(target, {
      method,
      headers,
      body,
      signal,
      redirect: "manual",
      decompress: false,
      timeout: false,
    });
    return new Response(answer.body, { status: answer.status, headers: without(answer.headers, hopByHop) });
  } catch {
    return new Response("This part of Rondo is away just now.\n", { status: 502, headers: { "retry-after": "1" } });
  }
}

function headersFor(request: Request, server: Server<Tunnel>): Headers {
  const headers = without(request.headers, [
    ...hopByHop,
    "forwarded",
    "x-real-ip",
    "x-forwarded-host",
    "x-forwarded-proto",
  ]);
  headers.set("x-forwarded-for", server.requestIP(request)?.address ?? "127.0.0.1");
  return headers;
}

function without(headers: Headers, names: readonly string[]): Headers {
  const kept = new Headers(headers);
  for (const name of names) kept.delete(name);
  return kept;
}
