import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { eventFor, eventTypes, signalOf } from "./index.ts";
import { brokenPromises, jsonSchemaOf, publishedSchema } from "./schemas.ts";
import { projectEvent, taskEvent } from "./testing.ts";

const ajv = new Ajv2020({ strict: true, validateFormats: false });

test("no contract breaks a published version of itself", async () => {
  expect(await brokenPromises()).toEqual([]);
});

test.each(eventTypes.map((eventType) => [eventType] as const))(
  "the checked-in schema of %s is the contract's (else: bun run generate)",
  async (eventType) => {
    expect(await publishedSchema(eventType)).toEqual(jsonSchemaOf(eventType));
  },
);

test("there is one schema for each type, and none for a type that is gone", async () => {
  const files = await readdir(new URL("./schemas/", import.meta.url));
  expect(files.toSorted()).toEqual(eventTypes.map((eventType) => `${eventType}.json`).toSorted());
});

test("other programs can check our events with the published schemas", async () => {
  const task = taskEvent("task.completed.v1");
  for (const event of [task, projectEvent("project.created.v1"), eventFor("task-updates", task, signalOf(task))]) {
    const validate = ajv.compile((await publishedSchema(event.type)) ?? {});
    expect(validate(event.data)).toBe(true);
    expect(validate({ ...event.data, version: "4", task: 1, project: 2 })).toBe(false);
  }
});
