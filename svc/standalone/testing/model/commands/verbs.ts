import fc from "fast-check";
import { type Model, pick } from "../model.ts";
import type { Patch, Verb } from "../tasks.ts";
import { patchBody } from "./bodies.ts";

/** A verb before the model says which projects and tasks there are. */
export type Wish =
  | { readonly kind: "patch"; readonly body: Patch; readonly project: number | undefined }
  | {
      readonly kind: "move";
      readonly project: number | undefined;
      readonly neighbour: number | undefined;
      readonly side: "before_id" | "after_id";
    }
  | { readonly kind: "complete" | "reopen" | "remove" | "restore" };

const project = fc.option(fc.nat(2), { nil: undefined, freq: 2 });

export const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("patch"), body: patchBody, project }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("move"),
      project,
      neighbour: fc.option(fc.nat(), { nil: undefined, freq: 3 }),
      side: fc.constantFrom("before_id", "after_id"),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom("complete", "complete", "reopen", "remove", "restore", "restore") }),
  },
);

/** The projects of all workspaces: for everybody, some are somebody else's. */
export function resolved(model: Model, wished: Wish): Verb {
  if (wished.kind !== "patch" && wished.kind !== "move") return { kind: wished.kind };
  const projects = model.workspaces.flatMap((workspace) => workspace.projects);
  const project_id = wished.project === undefined ? undefined : pick(projects, wished.project);
  if (wished.kind === "patch") return { kind: "patch", body: { ...wished.body, project_id } };
  const neighbour = wished.neighbour === undefined ? undefined : pick(model.tasks, wished.neighbour).id;
  return { kind: "move", body: { project_id, [wished.side]: neighbour } };
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

export function requestOf(id: string, verb: Verb): Request {
  const path = `/tasks/${id}`;
  switch (verb.kind) {
    case "patch":
      return { method: "PATCH", path, body: verb.body };
    case "move":
      return { method: "POST", path: `${path}/move`, body: verb.body };
    case "complete":
      return { method: "POST", path: `${path}/completion` };
    case "reopen":
      return { method: "DELETE", path: `${path}/completion` };
    case "remove":
      return { method: "DELETE", path };
    case "restore":
      return { method: "POST", path: `${path}/restoration` };
  }
}
