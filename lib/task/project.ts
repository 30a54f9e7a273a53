import { type } from "arktype";
import { idSchema, instantSchema, positionSchema } from "./scalar.ts";
import { nameSchema } from "./text.ts";

/** Names, not values: each client shows them in its own light and dark shades. */
export const colors = ["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"] as const;
export const colorSchema = type.enumerated(...colors);
export type Color = typeof colorSchema.infer;

/** A project as it is stored, answered and carried by events. Members it does not know pass: a newer version may have more. */
export const projectSchema = type({
  id: idSchema,
  workspace_id: idSchema,
  name: "1 <= string <= 100",
  color: colorSchema,
  is_inbox: "boolean",
  position: positionSchema,
  archived_at: instantSchema.or("null"),
  version: "number.integer >= 1",
  created_at: instantSchema,
  created_by: idSchema,
  updated_at: instantSchema,
});
export type Project = Readonly<typeof projectSchema.infer>;

/** The body of `POST /projects`. */
export const newProjectSchema = type({ "+": "reject", name: nameSchema, "color?": colorSchema });
export type NewProject = Readonly<typeof newProjectSchema.infer>;

/** The body of `PATCH /projects/:id` (RFC 7396): absent keeps, a `null` colour clears. */
export const projectPatchSchema = type({
  "+": "reject",
  "name?": nameSchema,
  "color?": colorSchema.or("null"),
  "archived?": "boolean",
});
export type ProjectPatch = Readonly<typeof projectPatchSchema.infer>;

/** The body of `POST /projects/:id/move`: directly before that project, directly after it, or, with neither, at the end. */
export const projectMoveSchema = type({
  "+": "reject",
  "before_id?": idSchema.or("null"),
  "after_id?": idSchema.or("null"),
});
export type ProjectMove = Readonly<typeof projectMoveSchema.infer>;
