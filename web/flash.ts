import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Said } from "./shell/toast.tsx";

/** Carries what was done over a redirect to the page that says it. Anyone may have written it, so it is only ever text. */
const name = "rondo_said";

export function setFlash(c: Context, said: Said): void {
  const value = JSON.stringify([said.text, said.operation_id ?? null]);
  setCookie(c, name, value, { path: "/", httpOnly: true, sameSite: "Lax", maxAge: 30, secure: isSecure(c) });
}

export function takeFlash(c: Context): Said | undefined {
  const value = getCookie(c, name);
  if (value === undefined) return undefined;
  deleteCookie(c, name, { path: "/" });
  return readFlash(value);
}

function readFlash(value: string): Said | undefined {
  try {
    const read: unknown = JSON.parse(value);
    if (!Array.isArray(read) || typeof read[0] !== "string") return undefined;
    return { text: read[0], operation_id: typeof read[1] === "string" ? read[1] : null };
  } catch {
    return undefined;
  }
}

export function isSecure(c: Context): boolean {
  return new URL(c.req.url).protocol === "https:";
}
