import { createHash } from "node:crypto";
import type { Sql } from "@rondo/db";
import { Problem } from "@rondo/problem";
import type { Context, MiddlewareHandler } from "hono";
import type { AppEnv } from "./env.ts";
import { abandon, type Claim, claim, keep, type RequestKey, release, type StoredAnswer } from "./idempotency_store.ts";

export interface IdempotencyOptions {
  readonly sql: Sql;
  /** Where `idempotencyMigration` made its table. */
  readonly schema: string;
  /** How long a key stays locked when its first request died with the process; 20,000. Longer than any request may take. */
  readonly leaseMs?: number;
  /** How long a second request waits for the first before 409; 5,000. Shorter than the request's deadline. */
  readonly waitMs?: number;
}

/** Visible ASCII without spaces. */
const keyForm = /^[\x21-\x7e]{1,255}$/;
/** Of an answer, what its reader needs again; everything else is put on anew. */
const keptHeaders = ["content-type", "etag", "location", "rondo-operation"] as const;

/**
 * For POST with `Idempotency-Key`, behind `authenticate`: the same key, actor, path and body get the first answer again, with
 * `Idempotent-Replayed: true`; another body is refused. Kept for 24 hours.
 *
 * Only success is kept: a refused request did nothing, so its key is free for the corrected one. A concurrent second request
 * waits for the first. When the first fails, or dies between its write and its answer, a retry is carried out again (after a
 * death once the lease is over): a handler that creates must use `c.get("reserved_id")` as the id, and when that exists
 * already, answer with it.
 * @throws Problem `invalid` (the key's form, another body), `conflict` (the first still runs)
 */
export function idempotency({
  sql,
  schema,
  leaseMs = 20_000,
  waitMs = 5_000,
}: IdempotencyOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const key = c.req.raw.headers.get("idempotency-key");
    if (key === null || c.req.method !== "POST") return next();
    if (!keyForm.test(key)) throw badKey("Must be 1 to 255 visible ASCII characters without spaces.");
    const { actor_id, workspace_id } = c.get("principal");
    const request: RequestKey = { actor: `${workspace_id}/${actor_id}`, route: c.req.path, key };
    const attempt = {
      fingerprint: await fingerprint(c),
      owner: crypto.randomUUID(),
      reserved_id: Bun.randomUUIDv7(),
      leaseMs,
    };
    const outcome = await claimOrWait(() => claim(sql, schema, request, attempt), waitMs);
    if (outcome.kind === "answered") return replay(outcome.answer);
    if (outcome.kind === "other_body") throw badKey("Was already used with another request. Make a new one.");
    if (outcome.kind === "running") throw stillRunning();

    c.set("reserved_id", outcome.reserved_id);
    await next();
    await settle(c, sql, schema, request, attempt.owner);
  };
}

/** The body and the query: what makes two requests to the same path the same. */
async function fingerprint(c: Context<AppEnv>): Promise<string> {
  const { url } = c.req;
  const at = url.indexOf("?");
  return createHash("sha256")
    .update(at === -1 ? "" : url.slice(at))
    .update("\0")
    .update(new Uint8Array(await c.req.arrayBuffer()))
    .digest("base64url");
}

/** Asks again, less and less often, until the key's first request has its answer or the time is over. */
async function claimOrWait(ask: () => Promise<Claim>, waitMs: number): Promise<Claim> {
  const end = performance.now() + waitMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(200, pauseMs * 2)) {
    const outcome = await ask();
    if (outcome.kind !== "running" || performance.now() + pauseMs > end) return outcome;
    await Bun.sleep(pauseMs);
  }
}

/** The request is over whatever happens here, so a failure is only logged; the lease ends by itself. */
async function settle(c: Context<AppEnv>, sql: Sql, schema: string, request: RequestKey, owner: string): Promise<void> {
  try {
    if (c.res.ok) await keep(sql, schema, request, owner, await copyOf(c.res));
    else if (c.res.status < 500) await release(sql, schema, request, owner);
    else await abandon(sql, schema, request, owner);
  } catch (error) {
    c.get("log").warn("the answer of an idempotent request could not be kept", { error });
  }
}

async function copyOf(response: Response): Promise<StoredAnswer> {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = response.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return { status: response.status, headers, body: await response.clone().text() };
}

function replay({ status, headers, body }: StoredAnswer): Response {
  const answer = status === 204 ? null : body;
  return new Response(answer, { status, headers: { ...headers, "idempotent-replayed": "true" } });
}

function badKey(detail: string): Problem {
  const errors = [{ pointer: "header:Idempotency-Key", detail }];
  return new Problem("invalid", "The Idempotency-Key cannot be used.", { errors });
}

function stillRunning(): Problem {
  const detail = "The first request with this Idempotency-Key is still being carried out. Try again in a moment.";
  return new Problem("conflict", detail, { retryAfterSeconds: 1 });
}
