import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { changeDue, checkDue, type Due, dueAt, isDueDate, isTimeZone } from "./due.ts";

const zones = ["UTC", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"];
const date = fc
  .date({ min: new Date("1970-01-01"), max: new Date("2199-12-31"), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const two = (value: number) => String(value).padStart(2, "0");
const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const change = fc.record(
  { due_date: orNull(date), due_time: orNull(time), time_zone: orNull(fc.constantFrom(...zones)) },
  { requiredKeys: [] },
);
const due = fc.oneof(
  fc.constant({ due_date: null, due_time: null, time_zone: null }),
  fc.record({ due_date: date, due_time: fc.constant(null), time_zone: fc.constant(null) }),
  fc.record({ due_date: date, due_time: time, time_zone: fc.constantFrom(...zones) }),
);

describe("isDueDate", () => {
  test("every day from 1970 to 2199 is one", () => {
    fc.assert(fc.property(date, (day) => expect(isDueDate(day)).toBe(true)));
  });

  const wrong = ["2026-02-30", "2025-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-04-31"];
  test.each([...wrong, "9999-12-31", "1969-12-31", "2200-01-01", "2026-1-1", "20260101", "", "2026-01-01 "])(
    "%p is none",
    (day) => expect(isDueDate(day)).toBe(false),
  );
});

describe("isTimeZone", () => {
  test.each([...zones, "Asia/Calcutta", "Etc/GMT+5", "America/Argentina/Buenos_Aires"])("%p is one", (zone) =>
    expect(isTimeZone(zone)).toBe(true),
  );
  test.each(["europe/warsaw", "+01:00", "-05", "Warsaw", "Europe/", "../etc", "", " UTC", "UTC\0", "Mars/Olympus"])(
    "%p is none",
    (zone) => expect(isTimeZone(zone)).toBe(false),
  );
});

describe("dueAt", () => {
  const at = (due_date: string | null, due_time: string | null = null, time_zone: string | null = null) =>
    dueAt({ due_date, due_time, time_zone });

  test("nothing is due without a date", () => expect(at(null)).toBeNull());
  test("a date alone sorts at its end", () => expect(at("2026-01-31")).toBe("2026-01-31T23:59:59.999Z"));
  test("a time is that moment in its zone", () => {
    expect(at("2026-01-31", "09:00", "Europe/Warsaw")).toBe("2026-01-31T08:00:00.000Z");
    expect(at("2026-07-31", "09:00", "Europe/Warsaw")).toBe("2026-07-31T07:00:00.000Z");
  });
  test("a time that a DST gap skips is moved forward by the gap", () =>
    expect(at("2026-03-29", "02:30", "Europe/Warsaw")).toBe("2026-03-29T01:30:00.000Z"));
  test("of a time that happens twice the first is meant", () =>
    expect(at("2026-10-25", "02:30", "Europe/Warsaw")).toBe("2026-10-25T00:30:00.000Z"));

  test("read back in its zone, the instant shows the wall-clock time, unless a gap skips that", () => {
    fc.assert(
      fc.property(date, time, fc.constantFrom(...zones), (due_date, due_time, time_zone) => {
        const instant = Temporal.Instant.from(dueAt({ due_date, due_time, time_zone }) ?? "");
        const wall = Temporal.PlainDateTime.from(`${due_date}T${due_time}`);
        const shown = instant.toZonedDateTimeISO(time_zone).toPlainDateTime();
        const exists = wall.toZonedDateTime(time_zone).toPlainDateTime().equals(wall);
        expect(exists ? shown.equals(wall) : Temporal.PlainDateTime.compare(shown, wall) > 0).toBe(true);
      }),
    );
  });
});

describe("changeDue", () => {
  test("what is absent is kept, what is named is as named", () => {
    fc.assert(
      fc.property(due, change, (current, wanted) => {
        const next = changeDue(current, wanted);
        for (const field of ["due_date", "due_time", "time_zone"] as const) {
          const named = wanted[field];
          if (named !== undefined) expect(next[field]).toBe(named);
          else expect([current[field], null]).toContain(next[field]);
        }
      }),
    );
  });

  test("clearing the date, or the time, leaves a whole due", () => {
    fc.assert(
      fc.property(due, (current: Due) => {
        expect(checkDue(changeDue(current, { due_date: null }))).toEqual([]);
        expect(checkDue(changeDue(current, { due_time: null }))).toEqual([]);
      }),
    );
  });

  test("a due that is not whole is refused at the field to mend", () => {
    const pointers = (wanted: Due) => checkDue(wanted).map(({ pointer }) => pointer);
    expect(pointers({ due_date: null, due_time: "09:00", time_zone: "UTC" })).toEqual(["/due_time"]);
    expect(pointers({ due_date: "2026-01-31", due_time: "09:00", time_zone: null })).toEqual(["/time_zone"]);
    expect(pointers({ due_date: "2026-01-31", due_time: null, time_zone: "UTC" })).toEqual(["/time_zone"]);
  });
});
