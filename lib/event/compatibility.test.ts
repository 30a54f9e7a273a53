import { describe, expect, test } from "bun:test";
import { type } from "arktype";
import { breakingChanges, type JsonSchema } from "./compatibility.ts";

const task = {
  id: "string",
  version: "number.integer >= 1",
  priority: "'none' | 'low' | 'high'",
  "notes?": "string <= 100",
  due_date: "string | null",
  nested: { name: "string" },
  list: "string[]",
} as const;

const published = schemaOf(type(task));

/** Through JSON, as the checked-in files are. */
function schemaOf(contract: { toJsonSchema(): unknown }): JsonSchema {
  return JSON.parse(JSON.stringify(contract.toJsonSchema()));
}

describe("a published version may", () => {
  test("stay as it is", () => {
    expect(breakingChanges(published, schemaOf(type(task)))).toEqual([]);
  });
  test("gain an optional member, at any depth", () => {
    const next = type({ ...task, "tags?": "string[]", nested: { name: "string", "color?": "string" } });
    expect(breakingChanges(published, schemaOf(next))).toEqual([]);
  });
  test("list its members, values and forms in another order, and describe them better", () => {
    const next = { ...published, description: "a task" };
    const shuffled = type({ ...task, priority: "'high' | 'none' | 'low'", due_date: "null | string" });
    expect(breakingChanges(published, next)).toEqual([]);
    expect(breakingChanges(published, schemaOf(shuffled))).toEqual([]);
  });
});

const { id: _, ...withoutId } = task;
const { "notes?": notes, ...withoutNotes } = task;

describe("a published version must not", () => {
  test.each([
    ["lose a required member", type(withoutId), "data.id was removed or renamed"],
    ["lose an optional member", type(withoutNotes), "data.notes was removed or renamed"],
    ["rename a member", type({ ...withoutId, task_id: "string" }), "data.id was removed or renamed"],
    ["gain a required member", type({ ...task, tags: "string[]" }), "data.tags is newly required"],
    ["require an optional member", type({ ...withoutNotes, notes }), "data.notes is newly required"],
    ["leave out what was always there", type({ ...withoutId, "id?": "string" }), "data.id is no longer always there"],
    ["retype a member", type({ ...task, id: "number" }), 'data.id was retyped from "string" to "number"'],
    ["narrow an enum", type({ ...task, priority: "'none' | 'low'" }), "data.priority was narrowed: it lost high"],
    ["widen an enum", type({ ...task, priority: "'none' | 'low' | 'high' | 'urgent'" }), "data.priority gained values"],
    ["tighten a bound", type({ ...task, version: "number.integer >= 2" }), "data.version changed its minimum"],
    ["loosen a bound", type({ ...task, "notes?": "string <= 200" }), "data.notes changed its maxLength"],
    ["stop being null", type({ ...task, due_date: "string" }), "data.due_date"],
    ["become null", type({ ...task, id: "string | null" }), "data.id"],
    ["add a form", type({ ...task, due_date: "string | number | null" }), "data.due_date gained a form"],
    ["change what a list holds", type({ ...task, list: "number[]" }), "data.list[] was retyped"],
    ["break a nested member", type({ ...task, nested: { title: "string" } }), "data.nested.name was removed"],
    ["close itself to newer members", type({ "+": "reject", ...task }), "data changed its additionalProperties"],
  ])("%s", (_name, next, reason) => {
    expect(breakingChanges(published, schemaOf(next)).join("\n")).toContain(reason);
  });
});
