import { expect, test } from "bun:test";
import { type } from "arktype";
import { created, named, nothing, thing as one, page } from "../answer.ts";
import { contract } from "../route.ts";
import { openApiDocument } from "./document.ts";

const thing = named("Thing", type({ id: "string.uuid", title: "1 <= string <= 500", version: "number" }));
const newThing = type({ "+": "reject", title: type("1 <= string <= 500").pipe((text) => text.trim()) });
const limit = type("string.integer.parse").to("1 <= number <= 200");
const rest = { tag: "things", access: "signed_in" } as const;

const things = contract({
  list: {
    ...rest,
    method: "GET",
    path: "/api/v1/things",
    operationId: "listThings",
    summary: "List things",
    query: type({ "limit?": limit }),
    answer: page(thing, "One page."),
  },
  create: {
    ...rest,
    method: "POST",
    path: "/api/v1/things",
    operationId: "createThing",
    summary: "Create a thing",
    body: named("NewThing", newThing),
    answer: created(thing, "Made."),
    takes: ["Idempotency-Key"],
  },
  get: {
    ...rest,
    method: "GET",
    path: "/api/v1/things/:id",
    operationId: "getThing",
    summary: "Read a thing",
    answer: one(thing, "It."),
    takes: ["If-None-Match"],
  },
  leave: {
    ...rest,
    access: "open",
    method: "POST",
    path: "/open",
    operationId: "open",
    summary: "Open",
    answer: nothing("x"),
  },
});

const about = { info: { title: "Test", version: "1" }, tags: [] };
const document = JSON.parse(JSON.stringify(openApiDocument([things], about)));

test("the document has every route of the contracts, each with its parameters", () => {
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
  expect(document.components.schemas.Thing.required).toEqual(["id", "title", "version"]);
  expect(document.components.schemas.NewThing).toMatchObject({
    additionalProperties: false,
    properties: { title: { type: "string", minLength: 1, maxLength: 500 } },
  });
});

test("errors are references to shared problem responses", () => {
  const { responses, parameters } = document.paths["/api/v1/things"].post;
  expect(Object.keys(responses).sort()).toEqual(["201", "400", "401", "409", "413", "415", "422", "default"]);
  expect(responses["422"]).toEqual({ $ref: "#/components/responses/invalid" });
  expect(parameters).toEqual([{ $ref: "#/components/parameters/Idempotency-Key" }]);
  expect(document.components.responses.invalid.content["application/problem+json"].schema).toEqual({
    $ref: "#/components/schemas/Problem",
  });
  expect(document.components.schemas.Problem.properties.errors.type).toBe("array");
  expect(document.paths["/open"].post.security).toEqual([]);
  expect(document.paths["/open"].post.responses["401"]).toBeUndefined();
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
