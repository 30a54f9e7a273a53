import { expect, test } from "bun:test";
import { aTask, newId } from "@rondo/testing";
import { createEvent, eventFor, eventTypes, parseEvent, signalOf, taskEventData, topicsOf, updateOf } from "./index.ts";
import { projectEvent, taskEvent } from "./testing.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

function reasons(value: unknown): readonly string[] {
  const parsed = parseEvent(value);
  return parsed.ok ? [] : parsed.reasons;
}

test("a fact carries who did what to which thing, and its trace", () => {
  const event = taskEvent("task.completed.v1", { actor_type: "agent", traceparent });
  expect(event).toMatchObject({
    specversion: "1.0",
    source: "/rondo/api",
    type: "task.completed.v1",
    subject: event.data.task.id,
    workspaceid: event.data.task.workspace_id,
    actortype: "agent",
    traceparent,
    dataschema: "/schemas/task.completed.v1.json",
  });
});

test("an event survives the way through JSON", () => {
  const event = projectEvent("project.archived.v1");
  expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual({ ok: true, known: true, event });
});

test("an event that breaks its contract is never made", () => {
  const event = taskEvent("task.created.v1");
  const task = { ...aTask(), version: 0 };
  const { id, source, time, workspaceid: workspace_id } = event;
  const input = { id, source, time, subject: task.id, workspace_id, actor_id: "a" };
  expect(() => createEvent("task.created.v1", { ...input, actor_type: "user", data: { task, changes: {} } })).toThrow(
    "data.task.version",
  );
});

test("a malformed traceparent of a client is left out, not passed on and not an error", () => {
  expect(taskEvent("task.created.v1", { traceparent: "00-abc" })).not.toHaveProperty("traceparent");
});

test("a newer minor version passes: members of data that are not known are tolerated at any depth", () => {
  const event = taskEvent("task.updated.v1");
  const data = { ...event.data, task: { ...event.data.task, tags: ["home"] }, reverted: true };
  expect(parseEvent({ ...event, data }).ok).toBe(true);
});

test("extension attributes of others pass as strings and only as strings", () => {
  const event = taskEvent("task.updated.v1");
  expect(parseEvent({ ...event, pubsubname: "kafka", topic: "task-events" }).ok).toBe(true);
  expect(reasons({ ...event, traceid: 7 })).toEqual(["extension attribute traceid must be a string"]);
  expect(reasons({ ...event, traceparent: { a: 1 } })).toEqual(["traceparent must be a string"]);
});

test("the envelope is strict: each wrong or missing attribute is named, all at once", () => {
  const { subject: _, ...event } = taskEvent("task.moved.v1");
  const found = reasons({ ...event, specversion: "0.3", workspaceid: "mine", actortype: "robot", time: "yesterday" });
  expect(found.map((reason) => reason.split(" ")[0]).toSorted()).toEqual([
    "actortype",
    "specversion",
    "subject",
    "time",
    "workspaceid",
  ]);
});

test.each([[null], [undefined], [7], ["text"], [[]], [{}]])(
  "%p is not an event, and says so without throwing",
  (value) => {
    expect(parseEvent(value)).toMatchObject({ ok: false });
  },
);

test("a reason names the member and never quotes someone's text", () => {
  const event = taskEvent("task.updated.v1");
  const data = { ...event.data, task: { ...event.data.task, notes: ["my diary"], priority: "my secret" } };
  const text = reasons({ ...event, data }).join("\n");
  expect(text).toContain("data.task.notes must be");
  expect(text).not.toMatch(/diary|secret/);
});

test.each(["comment.added.v1", "task.created.v2"])(
  "%s of a newer program is a whole event that can be handed on",
  (type) => {
    const event = { ...taskEvent("task.created.v1"), type, data: { what: ["ever"] } };
    expect(parseEvent(event)).toEqual({ ok: true, known: false, event });
    expect(reasons({ ...event, workspaceid: "mine" })).toEqual(["workspaceid must be a UUID"]);
  },
);

test("a type that is no versioned name is malformed", () => {
  expect(reasons({ ...taskEvent("task.created.v1"), type: "constructor" })).toHaveLength(1);
});

test("the source is the service that states the fact", () => {
  expect(taskEvent("task.deleted.v1", { source: "/rondo/recurrence" }).source).toBe("/rondo/recurrence");
  expect(() => taskEvent("task.deleted.v1", { source: "somebody" })).toThrow("source must be");
});

test("a new column of the row is not in its events", () => {
  const row = { ...aTask(), search_vector: "buy milk" };
  expect(taskEventData(row)).not.toHaveProperty("search_vector");
});

test("every fact goes whole to task-events, and slim to task-updates when a page shows it", () => {
  const places = Object.fromEntries(eventTypes.map((eventType) => [eventType, topicsOf(eventType)]));
  expect(places).toMatchObject({
    "task.purged.v1": ["task-events", "task-updates"],
    "project.created.v1": ["task-events", "task-updates"],
    "workspace.created.v1": ["task-events"],
    "workspace.changed.v1": ["task-updates"],
  });
  const event = taskEvent("task.created.v1", { traceparent });
  expect(eventFor("task-events", event, signalOf(event))).toBe(event);
});

test("the slim form says what changed and nothing of its content", () => {
  const event = taskEvent("task.updated.v1", { task: { title: "my secret", version: 4 }, traceparent });
  const update = eventFor("task-updates", event, signalOf(event));
  const { id, project_id } = event.data.task;
  expect(update.data).toEqual({ type: "task.updated.v1", kind: "task", id, project_id, version: 4 });
  expect(update).toMatchObject({ id: event.id, workspaceid: event.workspaceid, traceparent });
  expect(update.source).toBe("/rondo/api/updates");
  expect(JSON.stringify(update)).not.toContain("my secret");
  expect(eventFor("task-updates", update, undefined)).toBe(update);
});

test("the signal of a project's fact names the project", () => {
  const event = projectEvent("project.updated.v1");
  const { id } = event.data.project;
  expect(signalOf(event)).toEqual({ kind: "project", id, project_id: id, version: 1 });
});

test("the slim form needs the envelope and the signal only, so it can be made of a fact of any type", () => {
  const event = { ...taskEvent("task.updated.v1"), type: "comment.added.v1", data: {} };
  const signal = { kind: "comment", id: newId(), project_id: null, version: 1 };
  expect(updateOf(event, signal)).toMatchObject({ id: event.id, data: { type: "comment.added.v1", ...signal } });
});
