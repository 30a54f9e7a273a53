import { afterAll, beforeAll, expect, test } from "bun:test";
import { patchTask } from "@rondo/task";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture } from "../api.fixture.ts";
import { taskFact } from "./fact.ts";
import { replacePositions } from "./order_queries.ts";
import { updateTask } from "./queries.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

const positionOf = async (id: string) => (await ada.get(`/tasks/${id}`)).body.position;

test("a change that was decided on before a spread keeps the new position", async () => {
  const task = await ada.task();
  const decision = patchTask(task, { title: "changed" }, api.clock());
  if (decision.kind !== "changed") throw new Error("nothing changed");
  await replacePositions(api.sql, [task], ["g5"]);
  const { next, changes } = decision;
  const fact = taskFact(ada.principal, "task.updated", { id: newId(), task: next, changes });
  expect(await updateTask(api.sql, task, next, fact)).toBe(true);
  expect(await positionOf(task.id)).toBe("g5");
});

test("a task that was moved while its neighbours are spread stays where it was moved to", async () => {
  const task = await ada.task();
  const moved = (await ada.post(`/tasks/${task.id}/move`, { body: {} })).body;
  await replacePositions(api.sql, [task], ["g5"]);
  expect(await positionOf(task.id)).toBe(moved.position);
});

test("a spread is no change: the version stays", async () => {
  const task = await ada.task();
  await replacePositions(api.sql, [task], ["g6"]);
  expect((await ada.get(`/tasks/${task.id}`)).body).toEqual({ ...task, position: "g6" });
});
