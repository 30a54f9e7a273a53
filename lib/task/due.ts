/** The three fields of a due that a person sets; a time needs a date, a zone belongs to a time. */
export interface Due {
  readonly due_date: string | null;
  readonly due_time: string | null;
  readonly time_zone: string | null;
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether it is a day of the proleptic Gregorian calendar from 1970 to 2199, so that every due instant has a four-digit year. */
export function isDueDate(date: string): boolean {
  const match = datePattern.exec(date);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1970 || year > 2199 || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Asking Intl for a zone builds a formatter (0.06 ms); the few hundred zones that people use are remembered. */
const knownZones = new Set<string>();
const zonePattern = /^[A-Za-z][A-Za-z0-9_+/-]*$/;

/** Whether the name is an IANA time zone in its own spelling (`Europe/Warsaw`, `UTC`), not an offset. */
export function isTimeZone(zone: string): boolean {
  if (knownZones.has(zone)) return true;
  if (!zonePattern.test(zone)) return false;
  try {
    const named = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
    if (named !== zone) return false;
  } catch {
    return false;
  }
  knownZones.add(zone);
  return true;
}

/**
 * The instant at which a due sorts, as RFC 3339 in UTC with milliseconds; `null` without a date.
 * With a time: that wall-clock time in its zone. A time that a DST gap skips moves forward by the gap, a time that happens
 * twice is the first of the two ("compatible", RFC 5545 section 3.3.5). A date alone floats and sorts at the day's end in UTC.
 */
export function dueAt(due: Due): string | null {
  if (due.due_date === null) return null;
  if (due.due_time === null || due.time_zone === null) return `${due.due_date}T23:59:59.999Z`;
  const zoned = Temporal.PlainDateTime.from(`${due.due_date}T${due.due_time}:00`).toZonedDateTime(due.time_zone, {
    disambiguation: "compatible",
  });
  return new Date(zoned.epochMilliseconds).toISOString();
}

/** What of a due a request may set; absent keeps, `null` clears. */
export interface DueChange {
  readonly due_date?: string | null;
  readonly due_time?: string | null;
  readonly time_zone?: string | null;
}

/**
 * The due after a change. Clearing the date clears the time with it, clearing the time clears the zone,
 * unless the same change names them.
 */
export function changeDue(current: Due, change: DueChange): Due {
  const due_date = change.due_date === undefined ? current.due_date : change.due_date;
  const keptTime = due_date === null ? null : current.due_time;
  const due_time = change.due_time === undefined ? keptTime : change.due_time;
  const keptZone = due_time === null ? null : current.time_zone;
  const time_zone = change.time_zone === undefined ? keptZone : change.time_zone;
  return { due_date, due_time, time_zone };
}

export interface RuleError {
  /** RFC 6901 JSON pointer into the request. */
  readonly pointer: string;
  readonly detail: string;
}

/** What is wrong between the fields of a due; each field alone was checked by its schema. */
export function checkDue(due: Due): readonly RuleError[] {
  const errors: RuleError[] = [];
  if (due.due_time !== null && due.due_date === null) {
    errors.push({ pointer: "/due_time", detail: "A time needs a due_date." });
  }
  if (due.due_time !== null && due.time_zone === null) {
    errors.push({ pointer: "/time_zone", detail: "A due_time needs a time_zone like Europe/Warsaw." });
  }
  if (due.due_time === null && due.time_zone !== null) {
    errors.push({ pointer: "/time_zone", detail: "A time_zone needs a due_time." });
  }
  return errors;
}
