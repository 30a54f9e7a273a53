import { expect, test } from "bun:test";
import { type } from "arktype";
import fc from "fast-check";
import { isInstant, momentSchema, utcMoment } from "./moment.ts";

const two = (value: number) => String(value).padStart(2, "0");
const ms = fc.integer({ min: Date.parse("0001-01-02T00:00:00Z"), max: Date.parse("9999-12-30T00:00:00Z") });
const offset = fc.tuple(fc.constantFrom("+", "-"), fc.nat(23), fc.nat(59));

/** Nearly right texts: each field a little beyond what it may be. */
const nearly = fc
  .tuple(fc.nat(9_999), fc.nat(13), fc.nat(32), fc.nat(25), fc.nat(61), fc.nat(61), fc.nat(25), fc.nat(61))
  .map(([year, month, day, hour, minute, second, hours, minutes]) => {
    const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
    return `${date}T${two(hour)}:${two(minute)}:${two(second)}-${two(hours)}:${two(minutes)}`;
  });

test("every moment is read as itself, whatever offset it is written with", () => {
  fc.assert(
    fc.property(ms, offset, (at, [sign, hours, minutes]) => {
      const shift = (sign === "+" ? 1 : -1) * (hours * 60 + minutes) * 60_000;
      const local = new Date(at + shift).toISOString().slice(0, -1);
      const read = utcMoment(`${local}${sign}${two(hours)}:${two(minutes)}`);
      expect(Date.parse(read ?? "")).toBe(at);
      expect(isInstant(new Date(at).toISOString())).toBe(true);
    }),
  );
});

test("microseconds are kept", () => {
  expect(utcMoment("2026-01-31T08:00:00.000001+02:00")).toBe("2026-01-31T06:00:00.000001Z");
});

test("whatever else is answered without throwing: as a moment in UTC, or as none", () => {
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string()), (text) => {
      const read = utcMoment(text);
      expect(read ?? "0001-01-01T00:00:00Z").toMatch(/^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/);
      expect(isInstant(text)).toBe(false);
      if (read === undefined) expect(momentSchema(text)).toBeInstanceOf(type.errors);
      else expect(momentSchema(text)).toBe(read);
    }),
    { numRuns: 500 },
  );
});

test.each([
  "0000-06-01T00:00:00Z",
  "0000-06-01T00:00:00.000Z",
  "0001-01-01T00:00:00+00:01",
  "9999-12-31T23:59:59-00:01",
  "2026-02-30T00:00:00.000Z",
  "2026-01-01T24:00:00.000Z",
  "2026-01-01",
  "tomorrow",
])("%s is none", (text) => {
  expect(utcMoment(text)).toBeUndefined();
  expect(isInstant(text)).toBe(false);
});
