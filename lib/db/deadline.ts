import { Problem } from "@rondo/problem";
import type { PoolSql } from "./connect.ts";
import { isConnectFailure } from "./errors.ts";

/** What is known of a pool from outside the driver. */
export interface Load {
  /** Statements and transactions that were sent and have not settled, waiting ones included. */
  running: number;
  /** No connection could be made: until then (`performance.now()`) nothing is sent, then one statement as a probe. 0: all is well. */
  awayUntil: number;
  /** When the server last answered. */
  answeredAt: number;
  /** Told how long each answered statement took, from its sending on. */
  readonly observe?: ((seconds: number) => void) | undefined;
}

/** Between two looks at a server that is away. */
const awayMs = 200;

/**
 * What postgres.js 3.4.9 hangs on each query object: `handler` sends it when it is first awaited, and the statement is
 * built when a connection takes it. Internal, hence checked at run time and by the tests beside this.
 */
interface RunningQuery extends Promise<unknown> {
  handler(query: RunningQuery): unknown;
  strings: readonly string[];
  args: readonly unknown[];
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

function isRunningQuery(value: unknown): value is RunningQuery {
  return value instanceof Promise && "handler" in value && "strings" in value && "args" in value && "resolve" in value;
}

export function timedOut(ms: number): Problem {
  return unavailable(new Error(`no answer from PostgreSQL within ${ms} ms`));
}

function unavailable(cause: unknown): Problem {
  const detail = "The database does not answer right now. Try again in a moment.";
  return new Problem("unavailable", detail, { cause, retryAfterSeconds: 1 });
}

/** Fails at once while the server is known to be away, so that nothing piles up before a closed door. */
export function refuseWhileAway(load: Load): void {
  if (load.awayUntil === 0) return;
  const now = performance.now();
  if (now < load.awayUntil) throw unavailable(new Error("PostgreSQL was away a moment ago"));
  load.awayUntil = now + awayMs;
}

/** Learns from an outcome whether the server is away. */
export function noteOutcome(load: Load, error?: unknown): void {
  const now = performance.now();
  if (error === undefined) {
    load.awayUntil = 0;
    load.answeredAt = now;
    return;
  }
  // An attempt from before its return may fail after the server has answered others.
  if (isConnectFailure(error) && now - load.answeredAt > awayMs) load.awayUntil = now + awayMs;
}

/** postgres.js has no deadline for a query that waits for a connection or for a server that hangs: this is one. */
function guard(query: RunningQuery, deadlineMs: number, load: Load): void {
  const send = query.handler;
  query.handler = (self) => {
    const { resolve, reject } = self;
    const sent = performance.now();
    let open = true;
    const settle = (): void => {
      if (open) load.running -= 1;
      open = false;
      clearTimeout(timer);
    };
    const timer = setTimeout(() => {
      settle();
      reject(timedOut(deadlineMs));
      // If no connection has taken it yet, nothing must happen when one does. (The driver's own `cancel` loses the
      // connection of a query that was not sent, and answers the wrong query when several are under way.)
      self.strings = ["select 1"];
      self.args = [];
    }, deadlineMs);
    self.resolve = (value) => {
      settle();
      noteOutcome(load);
      load.observe?.((performance.now() - sent) / 1_000);
      resolve(value);
    };
    self.reject = (error) => {
      settle();
      noteOutcome(load, error);
      reject(error);
    };
    load.running += 1;
    try {
      refuseWhileAway(load);
      return send(self);
    } catch (error) {
      settle();
      return reject(error);
    }
  };
}

/** The same pool, every query of which settles within `deadlineMs` of being sent, as `unavailable` if need be. */
export function withDeadline(sql: PoolSql, deadlineMs: number, load: Load): PoolSql {
  const guarded = <T>(value: T): T => {
    if (isRunningQuery(value)) guard(value, deadlineMs, load);
    return value;
  };
  return new Proxy(sql, {
    apply: (target, self, args) => guarded(Reflect.apply(target, self, args)),
    get: (target, name) => {
      if (name !== "unsafe") return Reflect.get(target, name);
      return (...args: Parameters<PoolSql["unsafe"]>) => guarded(target.unsafe(...args));
    },
  });
}
