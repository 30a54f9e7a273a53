import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Project } from "@rondo/task";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture, type ProblemBody, pointersOf } from "../api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

test("nobody, and who may not read, reads no project", async () => {
  const { id } = await ada.project();
  const writer = await api.caller({ workspace_id: ada.principal.workspace_id, scopes: ["tasks:write"] });
  for (const path of ["/projects", `/projects/${id}`]) {
    expect((await writer.get(path)).status).toBe(403);
    expect((await api.call(undefined, "GET", `/api/v1${path}`)).status).toBe(401);
  }
});

test("a stale If-Match is refused on every change", async () => {
  const project = await ada.project();
  const stale = { headers: { "if-match": '"9"' } };
  const answers = [
    await ada.patch<ProblemBody>(`/projects/${project.id}`, { body: { name: "x" }, ...stale }),
    await ada.post<ProblemBody>(`/projects/${project.id}/move`, { body: {}, ...stale }),
    await ada.remove<ProblemBody>(`/projects/${project.id}`, stale),
  ];
  for (const { status, body } of answers) expect([status, body.current]).toEqual([412, project]);
});

test("nobody, a viewer and a stranger change nothing", async () => {
  const project = await ada.project();
  const viewer = await api.caller({ workspace_id: ada.principal.workspace_id, role: "viewer" });
  const stranger = await api.caller();
  const path = `/projects/${project.id}`;
  for (const [method, url, body] of [
    ["PATCH", path, { name: "x" }],
    ["DELETE", path, undefined],
    ["POST", `${path}/move`, {}],
  ] as const) {
    const as = (caller: Caller | undefined) => api.call(caller, method, `/api/v1${url}`, { body });
    expect([(await as(undefined)).status, (await as(viewer)).status, (await as(stranger)).status]).toEqual([
      401, 403, 404,
    ]);
  }
  expect((await viewer.post("/projects", { body: { name: "x" } })).status).toBe(403);
  expect((await ada.get<Project>(path)).body).toEqual(project);
});

describe("refused with the field that is wrong:", () => {
  const wrong: [string, object, string[]][] = [
    ["no name", {}, ["/name"]],
    ["an empty name", { name: "  " }, ["/name"]],
    ["a long name", { name: "x".repeat(101) }, ["/name"]],
    ["a NUL", { name: "a\0" }, ["/name"]],
    ["an override", { name: "\u202e" }, ["/name"]],
    ["a colour that is none", { name: "a", color: "url(x)" }, ["/color"]],
    ["a workspace", { name: "a", workspace_id: newId() }, ["/workspace_id"]],
    ["an Inbox of one's own", { name: "a", is_inbox: true }, ["/is_inbox"]],
    ["a maker", { name: "a", created_by: newId() }, ["/created_by"]],
  ];
  test.each(wrong)("%s", async (_, body, pointers) => {
    const refused = await ada.post<ProblemBody>("/projects", { body });
    expect(refused.status).toBe(422);
    expect(pointersOf(refused)).toEqual(pointers);
  });
});
