import { expect, test } from "bun:test";
import { dueDayOf, sayDay, sayDue, sayInstant } from "./dates.ts";
import { chooseLocale, type Reader } from "./reader.ts";

/** Wednesday 25 November 2026, 23:30 in Warsaw. */
const reader: Reader = {
  may: () => true,
  now: Temporal.Instant.from("2026-11-25T22:30:00Z"),
  zone: "Europe/Warsaw",
  locale: "en-GB",
  keys: true,
};
const day = (text: string) => sayDay(Temporal.PlainDate.from(text), reader);
const due = (due_date: string, due_time: string | null = null, due_at: string | null = null) =>
  sayDue({ due_date, due_time, due_at }, reader);

test("days near today are said by name", () => {
  expect(["2026-11-24", "2026-11-25", "2026-11-26"].map(day)).toEqual(["Yesterday", "Today", "Tomorrow"]);
  expect(day("2026-11-27")).toBe("Friday");
  expect(day("2026-12-01")).toBe("Tuesday");
});

test("days further away are said by date, with the year when it is another one", () => {
  expect(day("2026-12-04")).toBe("Fri 4 Dec");
  expect(day("2026-11-20")).toBe("Fri 20 Nov");
  expect(day("2027-01-02")).toBe("2 Jan 2027");
});

test("a date alone is late only once that day is over where the reader is", () => {
  expect(due("2026-11-25")).toMatchObject({ text: "Today", nearness: "today", exact: "2026-11-25" });
  expect(due("2026-11-24")).toMatchObject({ text: "Yesterday", nearness: "late" });
  expect(due("2026-11-22")).toMatchObject({ text: "3 days late", nearness: "late" });
  const elsewhere = { ...reader, zone: "Pacific/Auckland" };
  expect(sayDue({ due_date: "2026-11-25", due_time: null, due_at: null }, elsewhere)?.nearness).toBe("late");
});

test("a due with a time is an instant, shown in the reader's zone", () => {
  expect(due("2026-11-26", "09:00", "2026-11-26T08:00:00.000Z")).toMatchObject({
    text: "Tomorrow 9:00",
    nearness: "soon",
    exact: "2026-11-26T08:00:00.000Z",
  });
  expect(due("2026-11-25", "23:00", "2026-11-25T22:00:00.000Z")).toMatchObject({
    text: "Today 23:00",
    nearness: "late",
  });
  expect(due("2026-11-25", "18:00", "2026-11-26T02:00:00.000Z")?.text).toBe("Tomorrow 3:00");
});

test("the day of a due follows the reader's zone, so Today is the reader's today", () => {
  const task = { due_date: "2026-11-25", due_time: "18:00", due_at: "2026-11-26T02:00:00.000Z" };
  expect(dueDayOf(task, reader)?.toString()).toBe("2026-11-26");
});

test("moments of the trail carry the exact instant", () => {
  expect(sayInstant("2026-11-25T08:12:00.000Z", reader)).toMatchObject({
    text: "Today 9:12",
    exact: "2026-11-25T08:12:00.000Z",
  });
});

test("the reader's own English decides how dates look", () => {
  expect(chooseLocale("pl, en-us;q=0.8, en-GB")).toBe("en-US");
  expect(chooseLocale("de-DE")).toBe("en-GB");
  expect(sayDay(Temporal.PlainDate.from("2026-12-04"), { ...reader, locale: "en-US" })).toBe("Fri, Dec 4");
});
