import { auditContract } from "@rondo/contract";
import type { Database } from "@rondo/db";
import { type AppEnv, type Guards, mount } from "@rondo/http";
import type { Hono } from "hono";
import { listEntries } from "./list.ts";

/** `/api/v1/audit`. */
export function entryRoutes(deps: { db: Database }, guards: Guards): Hono<AppEnv> {
  return mount(auditContract, guards, {
    list: ({ principal, query }) => listEntries(deps, principal, query),
  });
}
