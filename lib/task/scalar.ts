import { type } from "arktype";
import { isDueDate, isTimeZone } from "./due.ts";

/** Any RFC 9562 UUID in its 36 character form; ours are version 7. */
export const idSchema = type(/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/)
  .describe("a UUID")
  .configure({ format: "uuid" }, "self");

/** A moment in the one form in which Rondo writes it: RFC 3339 in UTC with milliseconds. */
export const instantSchema = type(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  .describe("a moment like 2026-01-31T08:00:00.000Z")
  .configure({ format: "date-time" }, "self");

const dateRule = "a day of the calendar like 2026-01-31, from 1970 to 2199";

export const dateSchema = type(/^\d{4}-\d{2}-\d{2}$/)
  .describe(dateRule)
  .narrow((date, ctx) => isDueDate(date) || ctx.reject({ expected: dateRule, actual: "" }))
  .configure({ format: "date" }, "self");

export const timeSchema = type(/^([01]\d|2[0-3]):[0-5]\d$/).describe("a time of day like 09:00");

const zoneRule = "an IANA time zone like Europe/Warsaw";

export const timeZoneSchema = type("1 <= string <= 64")
  .describe(zoneRule)
  .narrow((zone, ctx) => isTimeZone(zone) || ctx.reject({ expected: zoneRule, actual: "" }));

/** A fractional index: sorts byte by byte. Opaque to clients. */
export const positionSchema = type("1 <= string <= 200");
