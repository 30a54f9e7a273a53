import { afterAll, beforeAll, expect, test } from "bun:test";
import { positionMaxLength, type Task } from "@rondo/task";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture, type ProblemBody, pointersOf } from "../api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

/** A new person with so many tasks, named a, b, c … in their order. */
async function withTasks(count: number): Promise<Task[]> {
  ada = await api.caller();
  const tasks: Task[] = [];
  for (let index = 0; index < count; index++) tasks.push(await ada.task({ title: String.fromCharCode(97 + index) }));
  return tasks;
}

const move = (id: string, body: object) => ada.post(`/tasks/${id}/move`, { body });

async function titles(query = ""): Promise<string> {
  const { body } = await ada.get<{ items: Task[] }>(`/tasks?limit=200${query}`);
  return body.items.map(({ title }) => title).join("");
}

const at = (tasks: readonly Task[], index: number): Task => {
  const task = tasks[index];
  if (!task) throw new Error(`there is no task ${index}`);
  return task;
};

test("new tasks come after those that were there, also within one millisecond", async () => {
  await withTasks(8);
  expect(await titles()).toBe("abcdefgh");
});

test("before, after, to the beginning and to the end", async () => {
  const [a, b, c, d] = await withTasks(4);
  await move(d?.id ?? "", { before_id: b?.id });
  expect(await titles()).toBe("adbc");
  await move(a?.id ?? "", { after_id: b?.id });
  expect(await titles()).toBe("dbac");
  await move(c?.id ?? "", { before_id: d?.id });
  expect(await titles()).toBe("cdba");
  await move(d?.id ?? "", { after_id: a?.id, before_id: null });
  expect(await titles()).toBe("cbad");
  await move(c?.id ?? "", {});
  expect(await titles()).toBe("badc");
});

test("a move is a version, an operation and an event; to where it stands already is none", async () => {
  const tasks = await withTasks(3);
  const moved = await move(at(tasks, 2).id, { before_id: at(tasks, 0).id });
  expect([moved.status, moved.body.version]).toEqual([200, 2]);
  const events = await api.events(ada.principal.workspace_id);
  expect(events.at(-1)).toMatchObject({
    id: moved.operation ?? "",
    type: "task.moved.v1",
    data: { changes: { position: [at(tasks, 2).position, moved.body.position] } },
  });
  const again = await move(at(tasks, 2).id, { before_id: at(tasks, 0).id });
  expect([again.status, again.operation, again.body.version]).toEqual([200, null, 2]);
  expect(await api.events(ada.principal.workspace_id)).toHaveLength(events.length);
});

test("into another project: to its end, or beside one of its tasks", async () => {
  const tasks = await withTasks(3);
  const { id: project_id } = await ada.project();
  await move(at(tasks, 0).id, { project_id });
  await move(at(tasks, 1).id, { project_id, before_id: at(tasks, 0).id });
  await move(at(tasks, 2).id, { project_id });
  expect(await titles(`&project=${project_id}`)).toBe("bac");
});

test("a neighbour in another project, of another workspace, in the bin, missing, or itself is refused at its field", async () => {
  const tasks = await withTasks(3);
  const [task, binned] = [at(tasks, 0), at(tasks, 1)];
  await ada.remove(`/tasks/${binned.id}`);
  const { id: project_id } = await ada.project();
  const elsewhere = await ada.task({ project_id });
  const theirs = await (await api.caller()).task();
  for (const neighbour of [elsewhere.id, theirs.id, binned.id, newId(), task.id]) {
    for (const field of ["before_id", "after_id"]) {
      const refused = await ada.post<ProblemBody>(`/tasks/${task.id}/move`, { body: { [field]: neighbour } });
      expect(refused.status).toBe(422);
      expect(pointersOf(refused)).toEqual([`/${field}`]);
    }
  }
  const both = { before_id: at(tasks, 2).id, after_id: at(tasks, 2).id };
  expect((await move(task.id, both)).status).toBe(422);
  expect((await move(task.id, { project_id: newId() })).status).toBe(422);
  expect((await ada.get(`/tasks/${task.id}`)).body).toEqual(task);
});

test("a viewer, a stranger and nobody move nothing", async () => {
  const tasks = await withTasks(2);
  const { workspace_id } = ada.principal;
  const path = `/tasks/${at(tasks, 1).id}/move`;
  const options = { body: { before_id: at(tasks, 0).id } };
  expect((await (await api.caller({ workspace_id, role: "viewer" })).post(path, options)).status).toBe(403);
  expect((await (await api.caller()).post(path, options)).status).toBe(404);
  expect((await api.call(undefined, "POST", `/api/v1${path}`, options)).status).toBe(401);
  expect(await titles()).toBe("ab");
});

test("many moves at once into one gap keep every task and a total order that each reader sees alike", async () => {
  const tasks = await withTasks(20);
  const answers = await Promise.all(tasks.slice(2).map(({ id }) => move(id, { before_id: at(tasks, 1).id })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const order = await titles();
  expect([...order].sort().join("")).toBe("abcdefghijklmnopqrst");
  expect([order[0], order.at(-1)]).toEqual(["a", "b"]);
  let paged = "";
  let cursor = "";
  do {
    const { body } = await ada.get<{ items: Task[]; next_cursor: string | null }>(`/tasks?limit=3${cursor}`);
    paged += body.items.map(({ title }) => title).join("");
    cursor = body.next_cursor === null ? "" : `&cursor=${body.next_cursor}`;
  } while (cursor !== "");
  expect(paged).toBe(order);
});

test("a place between two equal positions can be moved into", async () => {
  const tasks = await withTasks(4);
  await api.sql`update api.task set position = 'g1' where workspace_id = ${ada.principal.workspace_id}`;
  expect(await titles()).toBe("abcd");
  await move(at(tasks, 3).id, { after_id: at(tasks, 0).id });
  expect(await titles()).toBe("adbc");
});

test("keys stay short however often one gap is moved into, and a spread keeps versions and order", async () => {
  const tasks = await withTasks(3);
  const [a, b, c] = [at(tasks, 0), at(tasks, 1), at(tasks, 2)];
  const lengths: number[] = [];
  for (let turn = 0; turn < 200; turn++) {
    const [mover, fixed] = turn % 2 === 0 ? [c, b] : [b, c];
    lengths.push((await move(mover.id, { before_id: fixed.id })).body.position.length);
  }
  expect(Math.max(...lengths)).toBe(positionMaxLength);
  expect(lengths.at(-1)).toBeLessThan(positionMaxLength);
  expect(await titles()).toBe("abc");
  expect((await ada.get(`/tasks/${a.id}`)).body.version).toBe(1);
});
