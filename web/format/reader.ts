import type { Action } from "@rondo/identity";
import { isTimeZone } from "@rondo/task";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";

/** What of the person before the screen changes how a page reads. */
export interface Reader {
  readonly now: Temporal.Instant;
  /** IANA time zone, from a cookie that the page's script keeps; UTC until then. */
  readonly zone: string;
  /** A kind of English (`en-GB`, `en-US`): the words on the pages are English, dates and times follow the reader's habit. */
  readonly locale: string;
  /** Whether single keys act (WCAG 2.1.4 asks that they can be turned off). */
  readonly keys: boolean;
  /** What the reader may do in this workspace: a control that would be refused is not shown. */
  readonly may: (action: Action) => boolean;
}

export const zoneCookie = "rondo_zone";
export const keysCookie = "rondo_keys";

/** @param may nothing, for who is not signed in */
export function readReader(c: Context, now: Date, may: Reader["may"] = () => false): Reader {
  const zone = getCookie(c, zoneCookie);
  return {
    now: Temporal.Instant.fromEpochMilliseconds(now.getTime()),
    zone: zone !== undefined && isTimeZone(zone) ? zone : "UTC",
    locale: chooseLocale(c.req.header("accept-language")),
    keys: getCookie(c, keysCookie) !== "off",
    may,
  };
}

/** The first English that the reader's browser asks for. */
export function chooseLocale(header = ""): string {
  for (const part of header.split(",")) {
    const tag = part.split(";")[0]?.trim() ?? "";
    if (/^en-[a-z]{2}$/i.test(tag)) return `en-${tag.slice(3).toUpperCase()}`;
  }
  return "en-GB";
}

export function todayOf(reader: Reader): Temporal.PlainDate {
  return reader.now.toZonedDateTimeISO(reader.zone).toPlainDate();
}
