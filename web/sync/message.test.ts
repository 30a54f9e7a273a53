import { expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { changeMessage, openingMessage } from "./message.ts";
import { anUpdate } from "./testing.ts";

test("a kind that would break the stream's lines is not sent; a new plain one is", () => {
  const event = anUpdate(newId());
  const kind = (name: string) => changeMessage({ ...event, data: { ...event.data, kind: name } });
  expect(kind("task\ndata: forged")).toBeUndefined();
  expect(kind("notification")?.json()).toContain('"event":"notification"');
});

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("viewers are told to come back at different times, soon", () => {
  const times = Array.from({ length: 50 }, () =>
    Number(/^retry: (\d+)$/m.exec(decode(openingMessage(undefined).sse))?.[1]),
  );
  expect(Math.min(...times)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...times)).toBeLessThan(1_500);
  expect(new Set(times).size).toBeGreaterThan(10);
});
