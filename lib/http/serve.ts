import { Problem } from "@rondo/problem";
import { getLog } from "@rondo/telemetry";
import type { Server, WebSocketHandler } from "bun";
import type { Context } from "hono";
import type { AdminApp } from "./admin_app.ts";
import { type DrainPlan, drain } from "./drain.ts";
import { type AppEnv, type ServerBindings, serverOf } from "./env.ts";
import { hasValidHost } from "./host.ts";
import { listen } from "./listen.ts";
import { problemResponse } from "./problem_response.ts";

/** Anything that answers requests: a Hono app, or several behind `combine`. */
export interface Fetcher {
  fetch(request: Request, bindings: ServerBindings): Response | Promise<Response>;
}

export interface ServeOptions<Data> {
  readonly app: Fetcher;
  /** Bun's handlers of WebSocket messages, such as `websocket` of `hono/bun`. */
  readonly websocket?: WebSocketHandler<Data>;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly adminApp: AdminApp;
  readonly adminPort: number;
  readonly drain?: DrainPlan;
}

export interface Running {
  readonly url: string;
  readonly port: number;
  readonly adminPort: number;
  /** Drains, then resolves. Further calls wait for the same drain. */
  stop(): Promise<void>;
}

/** Bun cuts a connection that is silent for longer; streams lift it by `keepOpen`. Above every request's deadline. */
const idleTimeoutSeconds = 30;

/**
 * Listens on the service's port and on the admin port of the same host.
 * @throws ListenError when a port is taken or not allowed
 */
export function serve<Data = undefined>(options: ServeOptions<Data>): Running {
  const { app, host, adminApp, websocket } = options;
  const bindings: Writable<ServerBindings> = {};
  const answer = (request: Request, server: Server<Data>): Response | Promise<Response> => {
    bindings.server ??= server;
    return hasValidHost(request) ? app.fetch(request, bindings) : refuseHost();
  };
  const common = {
    hostname: host,
    port: options.port,
    idleTimeout: idleTimeoutSeconds,
    fetch: answer,
  };
  const main = listen(host, options.port, () =>
    websocket ? Bun.serve<Data>({ ...common, websocket }) : Bun.serve<Data>(common),
  );
  const admin = listenBeside(main, host, options.adminPort, adminApp);
  const begin = () => {
    bindings.draining = true;
    adminApp.drain();
  };
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    bindings.held = promise;
    return resolve;
  };
  let stopping: Promise<void> | undefined;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${main.port}`,
    port: main.port ?? options.port,
    adminPort: admin.port ?? options.adminPort,
    stop() {
      stopping ??= drain(options.drain ?? {}, { begin, hold, main, admin, log: getLog("serve") });
      return stopping;
    },
  };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function listenBeside<Data>(main: Server<Data>, host: string, port: number, app: AdminApp): Server<undefined> {
  try {
    return listen(host, port, () => Bun.serve({ hostname: host, port, fetch: (request) => app.fetch(request) }));
  } catch (error) {
    main.stop(true);
    throw error;
  }
}

function refuseHost(): Response {
  const problem = new Problem("malformed", "The request needs one Host header that names this site.");
  return problemResponse(problem, Bun.randomUUIDv7());
}

/** Lifts the idle timeout from a request whose answer may be silent for long: a stream. */
export function keepOpen(c: Context<AppEnv>): void {
  serverOf(c)?.timeout(c.req.raw, 0);
}
