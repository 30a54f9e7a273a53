import { Problem } from "@rondo/problem";
import type { Context } from "hono";

/** The entity tag of a version: RFC 9110 section 8.8.3. */
export function etag(version: number): string {
  return `"${version}"`;
}

/** A version that nothing has, so that comparing with it always fails. */
export const noVersion = -1;

const tag = /^(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;
const versionForm = /^[1-9]\d{0,14}$/;

/**
 * The version that `If-Match` asks for; undefined without the header or with `*`, which any state fulfils. A tag that is none
 * of ours matches no state: `noVersion`. A weak tag counts as its version: compressing proxies weaken tags on their way, and
 * our versions are exact whatever the encoding (RFC 9110 section 13.1.1 has no such case).
 * @throws Problem `malformed` for what is not one entity tag
 */
export function ifMatch(c: Context): number | undefined {
  const header = c.req.raw.headers.get("if-match");
  if (header === null || header.trim() === "*") return undefined;
  const value = tag.exec(header.trim())?.[1];
  if (value === undefined) {
    throw new Problem("malformed", 'If-Match must be one entity tag in quotes, such as "3".', {
      errors: [{ pointer: "header:If-Match", detail: 'Send the ETag as it was answered, such as "3".' }],
    });
  }
  return versionForm.test(value) ? Number(value) : noVersion;
}

const tags = /(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;

/**
 * Whether the caller has this version already: `If-None-Match` names it, or is `*`. Then a GET or HEAD is answered 304 without a
 * body (RFC 9110 section 13.1.2; tags are compared weakly, section 8.8.3.2). What is no list of tags names nothing.
 */
export function isKnown(c: Context, version: number): boolean {
  const header = c.req.raw.headers.get("if-none-match");
  if (header === null) return false;
  if (header.trim() === "*") return true;
  const onlyTags = /^[\s,]*$/.test(header.replace(tags, ""));
  return onlyTags && [...header.matchAll(tags)].some(([, value]) => value === String(version));
}
