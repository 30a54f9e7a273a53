import { eventTypes } from "@rondo/event";
import { actorTypes } from "@rondo/identity";
import { idSchema, instantSchema, momentSchema } from "@rondo/task";
import { type } from "arktype";
import { named, page } from "./answer.ts";
import { pageQuery } from "./page.ts";
import { contract } from "./route.ts";

/** One line of the trail: who did what, when, to what, before and after. */
export const auditEntrySchema = type({
  id: idSchema,
  event_id: idSchema,
  type: type("string").describe("what happened, such as task.completed.v1"),
  time: instantSchema,
  actor_id: "string",
  actor_type: type.enumerated(...actorTypes),
  task_id: idSchema.or("null"),
  project_id: idSchema.or("null").describe("the project, or the one that the task was in afterwards"),
  changes: type({ "[string]": ["unknown", "unknown"] }).describe("each field that changed: its value before and after"),
});
export type AuditEntry = Readonly<typeof auditEntrySchema.infer>;

const facts = eventTypes.filter((eventType) => eventType !== "workspace.changed.v1");

/** The query of `GET /audit`. All parameters combine with AND. */
export const auditQuerySchema = type({
  "task_id?": idSchema,
  "project_id?": idSchema,
  "actor_id?": type("1 <= string <= 200").describe("an actor's id"),
  "type?": type.enumerated(...facts),
  "from?": momentSchema,
  "to?": momentSchema,
  ...pageQuery,
});
export type AuditQuery = typeof auditQuerySchema.infer;

export const auditContract = contract({
  list: {
    method: "GET",
    path: "/api/v1/audit",
    service: "audit",
    operationId: "listAuditEntries",
    tag: "audit",
    summary: "The audit trail",
    description:
      "Who did what, when, to which task or project, with each changed field before and after; newest first. All parameters " +
      "combine with AND. `from` is inclusive and `to` exclusive. An entry appears a moment after its change.",
    access: "history.read",
    query: auditQuerySchema,
    answer: page(named("AuditEntry", auditEntrySchema), "A page of entries"),
    takes: ["Rondo-Workspace"],
  },
});
