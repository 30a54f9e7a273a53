import type { Principal } from "@rondo/identity";
import type { Log } from "@rondo/telemetry";
import type { Server } from "bun";
import type { Context } from "hono";
import type { Proxies } from "./client_address.ts";

/** What `serve` hands to each request; absent when a service of this process calls the app directly. */
export interface ServerBindings {
  readonly server?: Server<unknown>;
  /** The process is about to end, so answers tell the client to leave its connection (RFC 9112 section 9.6). */
  readonly draining?: boolean;
  /** While it is there, answers wait for it: see `drain`. */
  readonly held?: Promise<void>;
}

/** How a service reads its requests. */
export interface Reading {
  /** Whose word about the client counts. */
  readonly proxies: Proxies;
  /** Bytes that a body may have. */
  readonly bodyLimit: number;
}

/** What every handler of Rondo finds in its context. */
export interface AppEnv {
  Bindings: ServerBindings;
  Variables: {
    request_id: string;
    /** Set by `authenticate`. */
    principal: Principal;
    log: Log;
    /** Aborts when the request's time is over and it has been answered 503. Not for streams: they outlive it. */
    deadline: AbortSignal;
    /** The client's address, when our own sidecar brought the request. */
    through_sidecar?: string;
    /** The request showed the token that only our own services know. */
    from_service?: boolean;
    /** Of the base app, for the helpers that read requests. */
    reading: Reading;
    /**
     * Set by `idempotency` for a request with that header: the id that the thing to be created must have. It stays the same
     * when the key's first try died half-way, so that a second insert meets the first one's primary key.
     */
    reserved_id?: string;
  };
}

/** The Bun server behind a request, or undefined for a call from within this process. */
export function serverOf(c: Context<AppEnv>): Server<unknown> | undefined {
  return bindingsOf(c)?.server;
}

/** What `serve` said of the request; undefined for a call from within this process. */
export function bindingsOf(c: Context<AppEnv>): ServerBindings | undefined {
  return c.env;
}
