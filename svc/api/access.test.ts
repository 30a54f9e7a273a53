import { afterAll, beforeAll, expect, test } from "bun:test";
import { allContracts } from "@rondo/contract";
import { permissions } from "@rondo/identity";
import { newId } from "@rondo/testing";
import { type ApiFixture, createApiFixture } from "./api.fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const routes = allContracts.flatMap((contract) => Object.values(contract)).filter(({ service }) => service !== "audit");

/** Bodies that are right, so that only the permission is missing. */
const bodies: Readonly<Record<string, object>> = {
  createTask: { title: "Buy milk" },
  createProject: { name: "House" },
  undo: { operation_id: newId() },
};

test("every route refuses who lacks the scope of the action that its contract names", async () => {
  let tried = 0;
  for (const { method, path, access, operationId, body, tag } of routes) {
    // Tokens know real credentials only, not the callers of this fixture: identity/api_token.test.ts tries them.
    if (access === "open" || access === "signed_in" || tag === "identity") continue;
    const { scope } = permissions[access];
    const scopes = (["tasks:read", "tasks:write", "workspace:admin"] as const).filter((each) => each !== scope);
    const caller = await api.caller({ scopes });
    const options = { ...(body && { body: bodies[operationId] ?? {} }) };
    const answer = await api.call<{ detail: string }>(caller, method, path.replace(":id", newId()), options);
    expect([operationId, answer.status]).toEqual([operationId, 403]);
    expect(answer.body.detail).toContain(scope);
    tried += 1;
  }
  expect(tried).toBeGreaterThan(15);
});

test("every route but the open ones refuses who has no credential", async () => {
  for (const { method, path, access, operationId } of routes) {
    if (access === "open") continue;
    const answer = await api.call(undefined, method, path.replace(":id", newId()));
    expect([operationId, answer.status]).toEqual([operationId, 401]);
  }
});
