import { expect, test } from "bun:test";
import { a, bulk, records } from "./dapr.fixture.ts";
import { answerTo, readCall } from "./envelope.ts";

const none = new Headers();

test("a bulk call is read with the place, the key and every byte of each record", () => {
  const [first, ...more] = records(a, 2, 7);
  const call = readCall(bulk([...(first ? [first] : []), ...more], 2, "events"), none);
  expect(call).toMatchObject({ pubsub: "events", bulk: true });
  expect(call?.entries.map(({ id, partition, offset, key }) => [id, partition, offset, key])).toEqual([
    ["0", 2, 7, a],
    ["1", 2, 8, a],
  ]);
  expect(Buffer.from(call?.entries[0]?.bytes ?? []).toString()).toBe(first?.text ?? "");
});

test("a record without a key has none", () => {
  const metadata = { __offset: "1", __partition: "0" };
  const call = readCall({ pubsubname: "p", entries: [{ entryId: "0", event: "eA==", metadata }] }, none);
  expect(call?.entries[0]?.key).toBeUndefined();
});

test("a single record comes wrapped, with its place in the headers", () => {
  const headers = new Headers({ __key: "k", __offset: "3", __partition: "1" });
  const call = readCall({ pubsubname: "events", topic: "task-events", data_base64: "eyJ6IjoxfQ==" }, headers);
  expect(call).toMatchObject({ pubsub: "events", bulk: false, entries: [{ key: "k", offset: 3, partition: 1 }] });
  expect(Buffer.from(call?.entries[0]?.bytes ?? []).toString()).toBe('{"z":1}');
});

const metadata = { __offset: "1", __partition: "0" };
test.each([
  ["nothing", undefined],
  ["a text", "x"],
  ["a call of no component", { entries: [] }],
  ["an event that the sidecar has read itself", { pubsubname: "p", entries: [{ entryId: "0", event: {}, metadata }] }],
  ["a record without a name", { pubsubname: "p", entries: [{ event: "eA==", metadata }] }],
  ["a record without a place", { pubsubname: "p", entries: [{ entryId: "0", event: "eA==", metadata: {} }] }],
  [
    "a record at a strange place",
    { pubsubname: "p", entries: [{ entryId: "0", event: "eA==", metadata: { ...metadata, __offset: "-1" } }] },
  ],
  ["a single one without a place", { pubsubname: "p", data_base64: "eA==" }],
])("%s is no call", (_, body) => {
  expect(readCall(body, none)).toBeUndefined();
});

test("the answer names each record, and for a single one it is all there is", () => {
  const call = readCall(bulk(records(a, 2)), none);
  if (call === undefined) throw new Error("a call");
  const settled = new Set(call.entries.slice(1));
  expect(answerTo(call, settled)).toEqual({
    statuses: [
      { entryId: "0", status: "RETRY" },
      { entryId: "1", status: "SUCCESS" },
    ],
  });
  expect(answerTo({ ...call, bulk: false, entries: call.entries.slice(0, 1) }, settled)).toEqual({ status: "RETRY" });
  expect(answerTo({ ...call, bulk: false, entries: call.entries.slice(1) }, settled)).toEqual({ status: "SUCCESS" });
});
