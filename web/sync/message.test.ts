import { expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { changeMessage } from "./message.ts";
import { anUpdate } from "./testing.ts";

test("a kind that would break the stream's lines is not sent; a new plain one is", () => {
  const event = anUpdate(newId());
  const kind = (name: string) => changeMessage({ ...event, data: { ...event.data, kind: name } });
  expect(kind("task\ndata: forged")).toBeUndefined();
  expect(kind("notification")?.json()).toContain('"event":"notification"');
});
