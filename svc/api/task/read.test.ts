import { afterAll, beforeAll, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture } from "../api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

test("a task is read with its version as the entity tag, by everybody who may read", async () => {
  const task = await ada.task();
  const viewer = await api.caller({ workspace_id: ada.principal.workspace_id, role: "viewer" });
  for (const reader of [ada, viewer]) {
    const read = await reader.get(`/tasks/${task.id}`);
    expect([read.status, read.body, read.headers.get("etag")]).toEqual([200, task, '"1"']);
  }
});

test("who may not read, is not signed in or asks for what is not there gets nothing", async () => {
  const { id } = await ada.task();
  const writer = await api.caller({ workspace_id: ada.principal.workspace_id, scopes: ["tasks:write"] });
  expect((await writer.get(`/tasks/${id}`)).status).toBe(403);
  expect((await api.call(undefined, "GET", `/api/v1/tasks/${id}`)).status).toBe(401);
  expect((await ada.get(`/tasks/${newId()}`)).status).toBe(404);
});
