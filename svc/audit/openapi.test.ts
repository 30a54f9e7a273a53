import { expect, test } from "bun:test";
import { connect } from "@rondo/db";
import { openApiDocument } from "@rondo/http";
import { unauthenticated } from "@rondo/identity";
import { createMetrics } from "@rondo/telemetry";
import { createApp } from "./app.ts";

test("the trail is described: its parameters, its entries, its errors", async () => {
  const db = connect({ url: "postgres://nobody@127.0.0.1:1/nothing", name: "unused" });
  const authenticate = () => Promise.reject(unauthenticated());
  const app = createApp({ db, authenticate, metrics: createMetrics(), origin: "http://localhost:3000" });
  const { paths, components } = await openApiDocument(app, { title: "audit", version: "1.0.0" });
  expect(Object.keys(paths ?? {})).toEqual(["/api/v1/audit"]);
  const operation = paths?.["/api/v1/audit"]?.get;
  const names = operation?.parameters?.map((parameter) => ("name" in parameter ? parameter.name : parameter.$ref));
  expect(names).toEqual(
    expect.arrayContaining(["task_id", "project_id", "actor_id", "type", "from", "to", "limit", "cursor"]),
  );
  expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(["200", "401", "403", "422"]));
  expect(JSON.stringify(components?.schemas?.AuditEntry)).toContain('"changes"');
  await db.close();
});
