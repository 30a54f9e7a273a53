import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { OpenApiDocument } from "@rondo/contract";
import { Validator } from "@seriousme/openapi-schema-validator";
import { type ApiFixture, createApiFixture } from "./api.fixture.ts";
import checkedIn from "./openapi.json" with { type: "json" };

let api: ApiFixture;
let served: OpenApiDocument;
beforeAll(async () => {
  api = await createApiFixture();
  served = (await api.call<OpenApiDocument>(undefined, "GET", "/api/v1/openapi.json")).body;
});
afterAll(() => api.close());

test("the document that is served is the one that is checked in: `bun svc/api/generate.ts` writes it anew", () => {
  expect(JSON.parse(JSON.stringify(checkedIn))).toEqual(served);
});

test("it is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate({ ...structuredClone(served) });
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe("3.1");
});

describe("every operation", () => {
  const operations = () => Object.values(served.paths).flatMap((methods) => Object.values(methods));

  test("has a summary, a tag and an id of its own", () => {
    for (const { summary, tags, operationId } of operations()) {
      expect([summary, tags?.length, operationId]).toEqual([expect.any(String), 1, expect.any(String)]);
    }
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("refers only to components that are there", () => {
    const text = JSON.stringify(served);
    for (const [, kind = "", name = ""] of text.matchAll(/"#\/components\/(\w+)\/([\w-]+)"/g)) {
      expect(Reflect.get(served.components, kind)).toHaveProperty([name]);
    }
  });
});

test("bounds and formats of the rules are in the document", () => {
  const { NewTask, Task } = served.components.schemas;
  expect(NewTask?.properties?.title).toMatchObject({ type: "string", minLength: 1, maxLength: 500 });
  expect(NewTask?.properties?.notes).toMatchObject({ maxLength: 50_000 });
  expect(Task?.properties?.created_at).toMatchObject({ format: "date-time" });
});
