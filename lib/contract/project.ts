import { newProjectSchema, projectMoveSchema, projectPatchSchema, projectSchema } from "@rondo/task";
import { type } from "arktype";
import { changed, created, named, page, removed, thing } from "./answer.ts";
import { pageQuery } from "./page.ts";
import { contract } from "./route.ts";

/** The query of `GET /projects`. */
export const projectQuerySchema = type({
  "archived?": type("'true' | 'false'")
    .pipe((text) => text === "true")
    .describe("true lists the archive, false (the default) the others"),
  ...pageQuery,
});
export type ProjectQuery = typeof projectQuerySchema.infer;

const tag = "projects";
const project = named("Project", projectSchema);
const asItIs = changed(project, "The project as it is now");

export const projectContract = contract({
  list: {
    method: "GET",
    path: "/api/v1/projects",
    operationId: "listProjects",
    tag,
    summary: "List projects",
    description: "In their order, up to 200 unless told otherwise.",
    access: "projects.read",
    query: projectQuerySchema,
    answer: page(project, "A page of projects"),
    takes: ["Rondo-Workspace"],
  },
  create: {
    method: "POST",
    path: "/api/v1/projects",
    operationId: "createProject",
    tag,
    summary: "Make a project",
    access: "projects.change",
    body: named("NewProject", newProjectSchema),
    answer: created(project, "The new project"),
    takes: ["Idempotency-Key", "Rondo-Workspace"],
  },
  get: {
    method: "GET",
    path: "/api/v1/projects/:id",
    operationId: "getProject",
    tag,
    summary: "One project",
    access: "projects.read",
    answer: thing(project, "The project"),
    takes: ["If-None-Match", "Rondo-Workspace"],
  },
  patch: {
    method: "PATCH",
    path: "/api/v1/projects/:id",
    operationId: "patchProject",
    tag,
    summary: "Change or archive a project",
    description:
      "RFC 7396: an absent member is kept, a `null` colour becomes gray. `archived` sets or clears `archived_at`.",
    access: "projects.change",
    body: named("ProjectPatch", projectPatchSchema),
    answer: asItIs,
    takes: ["If-Match", "Rondo-Workspace"],
  },
  remove: {
    method: "DELETE",
    path: "/api/v1/projects/:id",
    operationId: "deleteProject",
    tag,
    summary: "Delete a project",
    description: "Only when it has no task outside the bin; archive it otherwise. The Inbox stays.",
    access: "projects.change",
    answer: removed("It is gone"),
    takes: ["If-Match", "Rondo-Workspace"],
  },
  move: {
    method: "POST",
    path: "/api/v1/projects/:id/move",
    operationId: "moveProject",
    tag,
    summary: "Move a project",
    description: "Directly before the project `before_id`, directly after `after_id`, or, with neither, to the end.",
    access: "projects.change",
    body: named("ProjectMove", projectMoveSchema),
    answer: asItIs,
    takes: ["If-Match", "Idempotency-Key", "Rondo-Workspace"],
  },
});
