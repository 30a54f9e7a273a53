import type { Database } from "@rondo/db";
import { type AppEnv, describe, query } from "@rondo/http";
import { Hono, type MiddlewareHandler } from "hono";
import { entrySchema } from "./entry.ts";
import { entryQuerySchema, listEntries } from "./list.ts";

const listDocs = describe({
  summary: "The audit trail",
  description:
    "Who did what, when, to which task or project, with each changed field before and after; newest first. All parameters " +
    "combine with AND. `from` is inclusive and `to` exclusive. An entry appears a moment after its change.",
  operationId: "listAuditEntries",
  tags: ["audit"],
  success: { description: "A page of entries", schema: entrySchema, name: "AuditEntry", list: true },
  errors: ["forbidden", "not_found", "invalid"],
  takes: ["Rondo-Workspace"],
});

/** `/api/v1/audit`. */
export function entryRoutes(deps: { db: Database }, signedIn: MiddlewareHandler<AppEnv>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get("/", listDocs, signedIn, query(entryQuerySchema), async (c) =>
    c.json(await listEntries(deps, c.get("principal"), c.req.valid("query"))),
  );
  return routes;
}
