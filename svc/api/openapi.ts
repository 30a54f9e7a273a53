import { type AppEnv, type OpenApiDocument, openApiDocument } from "@rondo/http";
import { Hono } from "hono";

/** The version of the interface, not of the program: `/api/v1` only ever gains. */
const version = "1.0.0";

const description =
  "Lists are pages of `{items, next_cursor}`. A thing carries its version as `ETag`; send it back as `If-Match` and a change that " +
  "would overwrite somebody else's is refused with 412 and the current state. `Idempotency-Key` makes a POST safe to repeat. " +
  "Errors are problem documents (RFC 9457) that name every wrong field; `type` leads to what it means. Unknown members are refused. " +
  "Times are RFC 3339 in UTC, dates `YYYY-MM-DD`, ids UUIDs; texts are kept in Unicode NFC.";

/** The OpenAPI 3.1 document of everything that these apps answer. */
export function describeApps(apps: readonly Hono<AppEnv>[]): Promise<OpenApiDocument> {
  const all = new Hono<AppEnv>();
  for (const app of apps) all.route("/", app);
  return openApiDocument(all, {
    title: "Rondo",
    version,
    description,
    tags: [
      { name: "tasks", description: "Create, read, list, change, complete, move, bin and restore." },
      { name: "projects", description: "Lists of tasks; each workspace has an Inbox." },
      { name: "operations", description: "Undo." },
      { name: "identity", description: "Who you are, your workspaces and API tokens." },
      { name: "auth", description: "Accounts and sessions." },
      { name: "audit", description: "Every change, with who made it and what was there before." },
    ],
  });
}
