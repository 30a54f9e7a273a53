import { Problem } from "@rondo/problem";
import type { PoolSql } from "./connect.ts";

/**
 * What postgres.js 3.4.9 hangs on each query object: `handler` sends it when it is first awaited, `canceller` takes it
 * from the queue or asks the server to stop. Both are internal, hence checked at run time and by the tests beside this.
 */
interface RunningQuery extends Promise<unknown> {
  handler(query: RunningQuery): unknown;
  canceller: ((query: RunningQuery) => Promise<unknown>) | null;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

function isRunningQuery(value: unknown): value is RunningQuery {
  return value instanceof Promise && "handler" in value && "canceller" in value && "resolve" in value;
}

export function timedOut(ms: number): Problem {
  return new Problem("unavailable", "The database does not answer right now. Try again in a moment.", {
    cause: new Error(`no answer from PostgreSQL within ${ms} ms`),
    retryAfterSeconds: 1,
  });
}

/** postgres.js has no deadline for a query that waits for a connection or for a server that hangs: this is one. */
function guard(query: RunningQuery, deadlineMs: number): void {
  const send = query.handler;
  query.handler = (self) => {
    const { resolve, reject } = self;
    const timer = setTimeout(() => {
      reject(timedOut(deadlineMs));
      // Nobody reads the outcome any more; stopping it is a courtesy to the server, which may be gone.
      self.canceller?.(self).catch(() => undefined);
      self.canceller = null;
    }, deadlineMs);
    self.resolve = (value) => {
      clearTimeout(timer);
      resolve(value);
    };
    self.reject = (error) => {
      clearTimeout(timer);
      reject(error);
    };
    return send(self);
  };
}

/** The same pool, every query of which settles within `deadlineMs` of being sent, as `unavailable` if need be. */
export function withDeadline(sql: PoolSql, deadlineMs: number): PoolSql {
  const guarded = <T>(value: T): T => {
    if (isRunningQuery(value)) guard(value, deadlineMs);
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
