import { BASE_62_DIGITS, generateKeyBetween, generateNKeysBetween } from "fractional-indexing";

/** A key longer than this is a sign of many moves into one gap: the caller spreads the neighbours anew. */
export const positionMaxLength = 40;

function base62(value: number, digits: number): string {
  let rest = value;
  let text = "";
  for (let index = 0; index < digits; index++) {
    text = BASE_62_DIGITS.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/**
 * The position of a new thing, from its id: after everything made before it, without reading what is there.
 * A fractional index whose integer part (`g` and seven base-62 digits) is the millisecond of the UUIDv7 and whose fraction is
 * the sequence within it (`rand_a`, RFC 9562 section 6.2). The last digit is never zero, as the scheme asks.
 */
export function positionOf(id: string): string {
  const millisecond = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  const sequence = Number.parseInt(id.slice(15, 18), 16);
  return `g${base62(millisecond, 7)}${base62(sequence, 3)}V`;
}

/** A position between two, `null` being the end of the list; `undefined` when there is no room: the two are equal or the key would be too long. */
export function positionBetween(before: string | null, after: string | null): string | undefined {
  if (before !== null && after !== null && before >= after) return undefined;
  const key = generateKeyBetween(before, after);
  return key.length > positionMaxLength ? undefined : key;
}

/** So many positions in rising order between two, as short as can be. @throws RangeError when the two are not in order. */
export function spreadPositions(before: string | null, after: string | null, count: number): readonly string[] {
  if (before !== null && after !== null && before >= after) throw new RangeError("no room between equal positions");
  return generateNKeysBetween(before, after, count);
}
