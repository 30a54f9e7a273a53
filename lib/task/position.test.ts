import { expect, test } from "bun:test";
import fc from "fast-check";
import { positionBetween, positionMaxLength, positionOf, spreadPositions } from "./position.ts";

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
/** Ids made until 2081, when the seven digits of a position are used up. */
const uuid7 = fc.tuple(fc.nat(62 ** 7 - 1), fc.nat(0xfff), fc.nat(0xffffffff)).map(([ms, sequence, random]) => {
  const time = hex(ms, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(sequence, 3)}-8000-0000${hex(random, 8)}`;
});
const position = uuid7.map(positionOf);

test("positions of new things are in the order of their ids", () => {
  fc.assert(
    fc.property(uuid7, uuid7, (one, other) => {
      // Two ids that differ only in their random part share a position; the id decides then.
      const [a, b] = [one, other].map((id) => id.slice(0, 18));
      const [p, q] = [positionOf(one), positionOf(other)];
      expect(Math.sign(compare(p, q))).toBe(Math.sign(compare(a ?? "", b ?? "")));
    }),
  );
});

test("ids made one after the other have rising positions", () => {
  const made = Array.from({ length: 2_000 }, () => positionOf(Bun.randomUUIDv7()));
  for (const [index, key] of made.entries()) expect(compare(made[index - 1] ?? "", key)).toBeLessThan(0);
});

test("a position between two is between them", () => {
  fc.assert(
    fc.property(position, position, (one, other) => {
      fc.pre(one !== other);
      const [low, high] = compare(one, other) < 0 ? [one, other] : [other, one];
      const middle = positionBetween(low, high) ?? "";
      expect([compare(low, middle), compare(middle, high)]).toEqual([-1, -1]);
    }),
  );
});

test("there is always a place before the first and after the last", () => {
  fc.assert(
    fc.property(position, (only) => {
      expect(compare(positionBetween(null, only) ?? "zz", only)).toBe(-1);
      expect(compare(only, positionBetween(only, null) ?? "")).toBe(-1);
    }),
  );
});

test("between equal or crossed positions there is no room", () => {
  expect(positionBetween("g1", "g1")).toBeUndefined();
  expect(positionBetween("g2", "g1")).toBeUndefined();
});

test("a key that would grow beyond the bound is not made, and a spread makes room again", () => {
  const low = "g0000000";
  let high = "g0000001";
  let turns = 0;
  for (let next = positionBetween(low, high); next !== undefined; next = positionBetween(low, high)) {
    expect(next.length).toBeLessThanOrEqual(positionMaxLength);
    high = next;
    turns += 1;
  }
  expect(turns).toBeGreaterThan(100);
  expect(positionBetween(...(spreadPositions(low, "g0000001", 2) as [string, string]))).toBeDefined();
});

test("a spread is in order, without doubles and within its bounds", () => {
  fc.assert(
    fc.property(position, position, fc.integer({ min: 0, max: 200 }), (one, other, count) => {
      fc.pre(one !== other);
      const [low, high] = compare(one, other) < 0 ? [one, other] : [other, one];
      const all = [low, ...spreadPositions(low, high, count), high];
      expect(all).toHaveLength(count + 2);
      expect(all.slice(1).every((key, index) => compare(all[index] ?? "", key) < 0)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

/** As PostgreSQL's "C" collation does: byte by byte. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
