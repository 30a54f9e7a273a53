import type { AppEnv } from "@rondo/http";
import { Problem } from "@rondo/problem";
import { isTimeZone } from "@rondo/task";
import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { isSecure } from "../flash.ts";
import { readForm } from "../form.ts";
import { zoneCookie } from "./reader.ts";

/** Remembers the reader's time zone, which only their browser knows. */
export function zoneRoute(): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/zone", async (c) => {
    const zone = (await readForm(c)).text("zone");
    if (!isTimeZone(zone)) throw new Problem("invalid", "This is no IANA time zone.");
    setCookie(c, zoneCookie, zone, {
      path: "/",
      httpOnly: true,
      sameSite: "Lax",
      maxAge: 31_536_000,
      secure: isSecure(c),
    });
    return c.body(null, 204);
  });
}
