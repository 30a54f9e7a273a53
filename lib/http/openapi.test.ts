import { expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { type } from "arktype";
import { baseApp, body, bodyErrors, describe, openApiDocument, params, query } from "./index.ts";

const thing = type({ id: "string.uuid", title: "1 <= string <= 500" });
const newThing = type({ title: type("1 <= string <= 500").pipe((text) => text.trim()) });

const app = baseApp({ service: "test", metrics: createMetrics(), trustedOrigin: "http://x" });
app.get(
  "/api/v1/things",
  describe({
    summary: "List things",
    tags: ["things"],
    success: { description: "One page.", schema: thing, name: "Thing", list: true },
    errors: ["invalid"],
  }),
  query(type({ "limit?": type("string.integer.parse").to("1 <= number <= 200") })),
  (c) => c.json({}),
);
app.post(
  "/api/v1/things",
  describe({
    summary: "Create a thing",
    success: { status: 201, description: "Made.", schema: thing, name: "Thing", headers: ["ETag", "Location"] },
    errors: bodyErrors,
    takes: ["Idempotency-Key"],
  }),
  body(newThing, "NewThing"),
  (c) => c.json({}),
);
app.get(
  "/api/v1/things/:id",
  describe({
    summary: "Read a thing",
    success: { description: "It.", schema: thing, name: "Thing", headers: ["ETag"] },
    errors: ["not_found"],
    takes: ["If-None-Match"],
  }),
  params(type({ id: "string" })),
  (c) => c.json({}),
);
app.get("/open", describe({ summary: "Open", success: { description: "x" }, open: true }), (c) => c.text("x"));
app.get("/undescribed", (c) => c.text("x"));

const document = JSON.parse(JSON.stringify(await openApiDocument(app, { title: "Test", version: "1" })));

test("the document has the described routes only, each with its parameters", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toEqual(["/api/v1/things", "/api/v1/things/{id}", "/open"]);
  const list = document.paths["/api/v1/things"].get;
  expect(list.parameters).toMatchObject([{ in: "query", name: "limit" }]);
  expect(document.paths["/api/v1/things/{id}"].get.parameters).toContainEqual(
    expect.objectContaining({ in: "path", name: "id", required: true }),
  );
});

test("schemas are kept once under their names", () => {
  const reference = { $ref: "#/components/schemas/Thing" };
  const { get, post } = document.paths["/api/v1/things"];
  expect(get.responses["200"].content["application/json"].schema.properties.items.items).toEqual(reference);
  expect(post.responses["201"].content["application/json"].schema).toEqual(reference);
  expect(post.requestBody.content["application/json"].schema).toEqual({ $ref: "#/components/schemas/NewThing" });
  expect(document.components.schemas.Thing.required).toEqual(["id", "title"]);
  expect(document.components.schemas.NewThing).toMatchObject({
    additionalProperties: false,
    properties: { title: { type: "string", minLength: 1, maxLength: 500 } },
  });
});

test("errors are references to shared problem responses", () => {
  const { responses, parameters } = document.paths["/api/v1/things"].post;
  expect(Object.keys(responses).sort()).toEqual(["201", "400", "401", "413", "415", "422", "default"]);
  expect(responses["422"]).toEqual({ $ref: "#/components/responses/invalid" });
  expect(parameters).toEqual([{ $ref: "#/components/parameters/Idempotency-Key" }]);
  expect(document.components.responses.invalid.content["application/problem+json"].schema).toEqual({
    $ref: "#/components/schemas/Problem",
  });
  expect(document.components.schemas.Problem.properties.errors.type).toBe("array");
  expect(document.paths["/open"].get.security).toEqual([]);
  expect(document.paths["/open"].get.responses["401"]).toBeUndefined();
});

test("a route that takes If-None-Match may answer 304, others may not", () => {
  const { get } = document.paths["/api/v1/things/{id}"];
  expect(get.parameters).toContainEqual({ $ref: "#/components/parameters/If-None-Match" });
  expect(get.responses["304"]).toEqual({ $ref: "#/components/responses/not_modified" });
  expect(document.paths["/api/v1/things"].get.responses["304"]).toBeUndefined();
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(references.length).toBeGreaterThan(10);
  for (const reference of references) {
    const target = reference.split("/").reduce((node, key) => node?.[key], document);
    expect(target, reference).toBeDefined();
  }
});

test("the document is made of the same routes that answer", async () => {
  const headers = { "content-type": "application/json" };
  const response = await app.request("/api/v1/things", { method: "POST", headers, body: '{"title":""}' });
  expect(response.status).toBe(422);
});
