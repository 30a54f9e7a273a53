import { Problem } from "@rondo/problem";
import type { Context } from "hono";
import type { AppEnv } from "./env.ts";

export const defaultBodyLimit = 1024 * 1024;

export function tooLarge(limit: number): Problem {
  return new Problem("too_large", `The body may have at most ${limit} bytes.`);
}

/**
 * Refuses a body that is announced as too large before a byte of it is read, and cuts off one that comes without its length
 * (chunked) as soon as it has grown too large.
 * @throws Problem `too_large`
 */
export function limitBody(c: Context<AppEnv>, limit: number): void {
  const { raw } = c.req;
  const announced = raw.headers.get("content-length");
  if (announced !== null) {
    if (Number(announced) > limit) throw tooLarge(limit);
    return;
  }
  if (!raw.headers.has("transfer-encoding") || raw.body === null) return;
  c.req.raw = new Request(raw, { body: raw.body.pipeThrough(counter(limit)) });
}

function counter(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > limit) controller.error(tooLarge(limit));
      else controller.enqueue(chunk);
    },
  });
}
