import type { PostgresType } from "postgres";

/**
 * `2026-01-31 08:00:00.5+00` → `2026-01-31T08:00:00.500Z`: RFC 3339 in UTC, always three decimals, so that the order of
 * the texts is the order of the instants. Connections run in UTC; columns are `timestamptz(3)`. `infinity` and years
 * that RFC 3339 cannot write stay as PostgreSQL wrote them.
 */
export function instantFromText(text: string): string {
  if (text.length < 22 || text[10] !== " " || !text.endsWith("+00")) return text;
  const decimals = text.length > 23 ? text.slice(20, -3) : "";
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${decimals.padEnd(3, "0").slice(0, 3)}Z`;
}

/** `09:30:00` → `09:30`; a time that has seconds keeps them. */
export function timeFromText(text: string): string {
  return text.endsWith(":00") && text.length === 8 ? text.slice(0, 5) : text;
}

/** A bigint that a number cannot hold exactly is refused rather than rounded. */
export function integerFromText(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError("a bigint column holds more than a safe integer");
  return value;
}

const asText = (value: unknown): string => String(value);

/** How values cross the wire: see the contract of each parser. Everything else is postgres.js's default. */
export const columnTypes = {
  bigint: { to: 20, from: [20], serialize: asText, parse: integerFromText } satisfies PostgresType<number>,
  instant: {
    to: 1184,
    from: [1184],
    serialize: (value: unknown) => (value instanceof Date ? value.toISOString() : asText(value)),
    parse: instantFromText,
  } satisfies PostgresType<string>,
  day: { to: 1082, from: [1082], serialize: asText, parse: asText } satisfies PostgresType<string>,
  time: { to: 1083, from: [1083], serialize: asText, parse: timeFromText } satisfies PostgresType<string>,
};
