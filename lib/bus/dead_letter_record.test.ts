import { expect, test } from "bun:test";
import { taskEvent } from "@rondo/event/testing";
import fc from "fast-check";
import { type DeadLetterRecord, decodeDeadLetter, encodeDeadLetter } from "./dead_letter_record.ts";

const about = {
  group: "audit",
  reason: "the reason",
  tries: 8,
  first_failed_at: "2026-01-31T08:00:00.000Z",
  last_failed_at: "2026-01-31T08:00:30.000Z",
};
const bytes = (text: string) => new TextEncoder().encode(text);
const there = (letter: DeadLetterRecord) => encodeDeadLetter("id", letter);
const thereAndBack = (letter: DeadLetterRecord) => decodeDeadLetter(bytes(there(letter)));

test("a dead letter comes back with every byte of its original, whatever that was", () => {
  const originals = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: "binary" }).map(bytes),
    fc.json().map(bytes),
    fc.constantFrom('{"a":1,"a":2}', '{ "spaced": 1e400 }', "\ufeff{}", "null", "", "1.0").map(bytes),
  );
  fc.assert(
    fc.property(originals, fc.option(fc.nat(9), { nil: undefined }), (original, partition) => {
      const back = thereAndBack({ ...about, partition, original });
      expect(back).toMatchObject({ ...about, ...(partition === undefined ? {} : { partition }) });
      expect(Buffer.from(back?.original ?? [])).toEqual(Buffer.from(original));
      expect(back?.cut).toBeUndefined();
    }),
  );
});

test.each([1_000, 10_000, 100_000])("nesting %d levels deep breaks no parser on the way", (depth) => {
  const original = bytes("[".repeat(depth) + "]".repeat(depth));
  const record = there({ ...about, original });
  expect(record.includes("[".repeat(1_001)) && !record.includes('"text"')).toBe(false);
  expect(Buffer.from(decodeDeadLetter(bytes(record))?.original ?? []).equals(original)).toBe(true);
});

test("an event can be read inside its dead letter as it is", () => {
  const event = taskEvent("task.created.v1");
  expect(JSON.parse(there({ ...about, original: bytes(JSON.stringify(event)) }))).toMatchObject({
    specversion: "1.0",
    type: "rondo.dead_letter.v1",
    data: { ...about, event: JSON.parse(JSON.stringify(event)) },
  });
});

test.each([
  ["the largest event of all stays whole", JSON.stringify({ quoted: '"\\'.repeat(248_000) }), false],
  ["a larger one is cut", JSON.stringify({ quoted: '"\\'.repeat(262_000) }), true],
  ["text that grows in JSON is cut", `${"\u0001".repeat(900_000)}`, true],
  ["bytes that grow in base64 are cut", "\u00ff".repeat(900_000), true],
])("%s, and a record never exceeds what the log takes", (_, text, cut) => {
  const original = text.startsWith("\u00ff") ? Buffer.from(text, "latin1") : Buffer.from(text);
  const record = there({ ...about, reason: "é".repeat(100_000), original });
  expect(Buffer.byteLength(record)).toBeLessThanOrEqual(1_040_000);
  const back = decodeDeadLetter(bytes(record));
  expect(back?.cut ?? false).toBe(cut);
  expect(back?.reason).toHaveLength(2_000);
  if (!cut) expect(Buffer.from(back?.original ?? []).equals(original)).toBe(true);
});

test("what no program of ours put there is no dead letter of ours", () => {
  const good = JSON.parse(there({ ...about, original: bytes("{}") }));
  const others = [
    "",
    "no JSON",
    "null",
    "[]",
    JSON.stringify(taskEvent("task.created.v1")),
    JSON.stringify({ ...good, type: "task.created.v1" }),
    JSON.stringify({ ...good, data: null }),
    ...Object.keys(good.data).map((name) => JSON.stringify({ ...good, data: { ...good.data, [name]: undefined } })),
  ];
  for (const text of others) expect(decodeDeadLetter(bytes(text))).toBeUndefined();
  expect(decodeDeadLetter(new Uint8Array([0xff, 0xfe]))).toBeUndefined();
  expect(decodeDeadLetter(bytes(JSON.stringify({ ...good, traceid: "added on the way" })))).toBeDefined();
});
