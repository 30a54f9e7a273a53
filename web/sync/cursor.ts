const uuidv7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The moment in a cursor, in milliseconds since the epoch (RFC 9562 section 5.7); undefined when it is no UUIDv7. */
export function momentOf(cursor: string): number | undefined {
  const [, high, low] = uuidv7.exec(cursor) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16);
}

/** A cursor that stands for "everything up to this moment was seen". */
export function cursorAt(ms: number): string {
  return Bun.randomUUIDv7("hex", ms);
}
