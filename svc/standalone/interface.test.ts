import { afterAll, beforeAll, expect, test } from "bun:test";
import { allContracts } from "@rondo/contract";
import { type RunningRondo, startRondo, temporaryFolder } from "@rondo/testing";
import { Validator } from "@seriousme/openapi-schema-validator";

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

let rondo: RunningRondo;
let served: Document;
beforeAll(async () => {
  rondo = await startRondo({ dataDir: temporaryFolder("interface") });
  served = (await (await fetch(`${rondo.origin}/api/v1/openapi.json`)).json()) as Document;
});
afterAll(() => rondo?.[Symbol.asyncDispose]());

test("the document that is served is valid OpenAPI 3.1 and tells of every service of the origin", async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(served) });
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  for (const path of ["/api/v1/tasks", "/api/v1/audit", "/api/auth/sign-in/email"])
    expect(served.paths).toHaveProperty([path]);
});

test("every route of the contracts is answered by the service that it names", async () => {
  for (const { method, path, access } of allContracts.flatMap((contract) => Object.values(contract))) {
    const url = rondo.origin + path.replace(":id", "01890000-0000-7000-8000-000000000000");
    const answer = await fetch(url, { method, headers: { origin: rondo.origin, "content-type": "application/json" } });
    const expected = access === "open" ? [200, 204, 400] : [401];
    expect([method, path, expected.includes(answer.status), answer.status]).toEqual([
      method,
      path,
      true,
      answer.status,
    ]);
  }
});
