import { bodyErrors, describe, type RouteOptions } from "@rondo/http";
import { projectSchema } from "@rondo/task";

const project = { schema: projectSchema, name: "Project" } as const;
const changed = { ...project, headers: ["ETag", "Rondo-Operation"] } as const;
const onOne = ["forbidden", "not_found"] as const;
const onChange = [...onOne, "malformed", "conflict", "stale"] as const;
const workspace = "Rondo-Workspace";

function route(options: Omit<RouteOptions, "tags">) {
  return describe({ ...options, tags: ["projects"] });
}

/** What the OpenAPI document says of each route. */
export const docs = {
  list: route({
    summary: "List projects",
    description: "In their order, up to 200 unless told otherwise.",
    operationId: "listProjects",
    success: { description: "A page of projects", ...project, list: true },
    errors: ["forbidden", "not_found", "invalid"],
    takes: [workspace],
  }),
  create: route({
    summary: "Make a project",
    operationId: "createProject",
    success: {
      status: 201,
      description: "The new project",
      ...project,
      headers: ["ETag", "Location", "Rondo-Operation"],
    },
    errors: [...bodyErrors, "forbidden", "not_found", "conflict"],
    takes: ["Idempotency-Key", workspace],
  }),
  read: route({
    summary: "One project",
    operationId: "getProject",
    success: { description: "The project", ...project, headers: ["ETag"] },
    errors: onOne,
    takes: ["If-None-Match", workspace],
  }),
  patch: route({
    summary: "Change or archive a project",
    description:
      "RFC 7396: an absent member is kept, a `null` colour becomes gray. `archived` sets or clears `archived_at`.",
    operationId: "patchProject",
    success: { description: "The project as it is now", ...changed },
    errors: [...onChange, ...bodyErrors],
    takes: ["If-Match", workspace],
  }),
  remove: route({
    summary: "Delete a project",
    description: "Only when it has no task outside the bin; archive it otherwise. The Inbox stays.",
    operationId: "deleteProject",
    success: { status: 204, description: "It is gone", headers: ["Rondo-Operation"] },
    errors: onChange,
    takes: ["If-Match", workspace],
  }),
  move: route({
    summary: "Move a project",
    description: "Directly before the project `before_id`, directly after `after_id`, or, with neither, to the end.",
    operationId: "moveProject",
    success: { description: "The project as it is now", ...changed },
    errors: [...onChange, ...bodyErrors],
    takes: ["If-Match", "Idempotency-Key", workspace],
  }),
};
