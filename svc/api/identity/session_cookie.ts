import { createHmac, timingSafeEqual } from "node:crypto";
import { sessionCookieName } from "@rondo/identity";
import { sessionLifetimeSeconds } from "./session_rules.ts";

/**
 * The session cookie: `<token>.<HMAC-SHA256 of it under our secret, base64>`, URL-encoded. The signature lets a made-up
 * cookie be refused without a query.
 */
export interface SessionCookie {
  readonly name: string;
  /** The token of a cookie's value, or undefined when we did not sign it. */
  read(value: string): string | undefined;
  /** `Set-Cookie` for a token. */
  write(token: string): string;
  /** `Set-Cookie` that takes it away. */
  clear(): string;
}

export function createSessionCookie(origin: string, secret: string): SessionCookie {
  const name = sessionCookieName(origin);
  const attributes = `Path=/; HttpOnly; SameSite=Lax${origin.startsWith("https:") ? "; Secure" : ""}`;
  const sign = (token: string): string => createHmac("sha256", secret).update(token).digest("base64");
  return {
    name,
    read(value) {
      const plain = decode(value);
      const dot = plain.lastIndexOf(".");
      if (dot < 1) return undefined;
      const token = plain.slice(0, dot);
      const given = Buffer.from(plain.slice(dot + 1));
      const expected = Buffer.from(sign(token));
      return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
    },
    write: (token) =>
      `${name}=${encodeURIComponent(`${token}.${sign(token)}`)}; Max-Age=${sessionLifetimeSeconds}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  };
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}
