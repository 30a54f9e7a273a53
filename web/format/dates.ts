import type { Task } from "@rondo/task";
import { formatterFor } from "./formatters.ts";
import { type Reader, todayOf } from "./reader.ts";

/** A date as people say it, and exactly (for `<time datetime>` and its title). */
export interface Said {
  readonly text: string;
  readonly exact: string;
  readonly title: string;
}

export type Nearness = "late" | "today" | "soon" | "later";

function formatDay(day: Temporal.PlainDate, reader: Reader, options: Intl.DateTimeFormatOptions): string {
  return formatterFor(reader, options, "UTC").format(new Date(`${day.toString()}T12:00:00Z`));
}

/** "Today", "Tomorrow", "Yesterday", "Friday" within the coming six days, "Fri 27 Nov" this year, "27 Nov 2027" otherwise. */
export function sayDay(day: Temporal.PlainDate, reader: Reader): string {
  const today = todayOf(reader);
  const days = today.until(day).days;
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  if (days === -1) return "Yesterday";
  if (days > 1 && days < 7) return formatDay(day, reader, { weekday: "long" });
  if (day.year === today.year) return formatDay(day, reader, { weekday: "short", day: "numeric", month: "short" });
  return formatDay(day, reader, { day: "numeric", month: "short", year: "numeric" });
}

/** "9:00" or "9:00 AM", as the reader's locale has it. */
function sayTime(zoned: Temporal.ZonedDateTime, reader: Reader): string {
  const options = { hour: "numeric", minute: "2-digit" } as const;
  return formatterFor(reader, options, reader.zone)
    .format(new Date(zoned.epochMilliseconds))
    .replace(/^0(?=\d:)/, "");
}

function sayInFull(zoned: Temporal.ZonedDateTime, reader: Reader): string {
  const options = { dateStyle: "full", timeStyle: "short" } as const;
  return formatterFor(reader, options, reader.zone).format(new Date(zoned.epochMilliseconds));
}

/** The same within a sentence: "added today 9:12". */
export function inSentence(text: string): string {
  return text.replace(/^(Today|Tomorrow|Yesterday)/, (word) => word.toLowerCase());
}

/** A moment of the past, for the trail: "Today 9:12", "Fri 27 Nov 9:12". */
export function sayInstant(instant: string, reader: Reader): Said {
  const zoned = Temporal.Instant.from(instant).toZonedDateTimeISO(reader.zone);
  const text = `${sayDay(zoned.toPlainDate(), reader)} ${sayTime(zoned, reader)}`;
  return { text, exact: instant, title: sayInFull(zoned, reader) };
}

export type DueFields = Pick<Task, "due_date" | "due_time" | "due_at">;

/**
 * When a task is due, for this reader: "Tomorrow 9:00", "3 days late". A date alone floats: it is late once that day is over where
 * the reader is; with a time it is an instant, shown in the reader's zone. Undefined without a due date.
 */
export function sayDue(task: DueFields, reader: Reader): (Said & { readonly nearness: Nearness }) | undefined {
  if (task.due_date === null) return undefined;
  if (task.due_time === null || task.due_at === null) {
    const day = Temporal.PlainDate.from(task.due_date);
    const title = formatDay(day, reader, { dateStyle: "full" });
    const late = Temporal.PlainDate.compare(day, todayOf(reader)) < 0;
    return { ...sayDueDay(day, late, reader), exact: task.due_date, title };
  }
  const zoned = Temporal.Instant.from(task.due_at).toZonedDateTimeISO(reader.zone);
  const late = Temporal.Instant.compare(zoned.toInstant(), reader.now) < 0;
  const said = sayDueDay(zoned.toPlainDate(), late, reader);
  return {
    ...said,
    text: `${said.text} ${sayTime(zoned, reader)}`,
    exact: task.due_at,
    title: sayInFull(zoned, reader),
  };
}

function sayDueDay(day: Temporal.PlainDate, late: boolean, reader: Reader): { text: string; nearness: Nearness } {
  const days = todayOf(reader).until(day).days;
  if (late) return { text: days <= -2 && days >= -30 ? `${-days} days late` : sayDay(day, reader), nearness: "late" };
  return { text: sayDay(day, reader), nearness: days === 0 ? "today" : days < 7 ? "soon" : "later" };
}

/** The day on which a task falls for this reader, by which Today groups it. */
export function dueDayOf(task: DueFields, reader: Reader): Temporal.PlainDate | undefined {
  if (task.due_date === null) return undefined;
  if (task.due_time === null || task.due_at === null) return Temporal.PlainDate.from(task.due_date);
  return Temporal.Instant.from(task.due_at).toZonedDateTimeISO(reader.zone).toPlainDate();
}
