import { colorSchema, idSchema, instantSchema, type Project, positionSchema } from "@rondo/task";
import { type } from "arktype";
import { changesSchema, contractFor, type Signal } from "./contract.ts";

/** A project as its events carry it: chosen field by field, like a task. */
const projectData = type({
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

/** What the events of a project carry of its row. */
export function projectEventData(row: Project): typeof projectData.infer {
  return {
    id: row.id,
    workspace_id: row.workspace_id,
    name: row.name,
    color: row.color,
    is_inbox: row.is_inbox,
    position: row.position,
    archived_at: row.archived_at,
    version: row.version,
    created_at: row.created_at,
    created_by: row.created_by,
    updated_at: row.updated_at,
  };
}

const projectFact = type({ project: projectData, changes: changesSchema });

/** See the purge of a task. */
const projectPurged = type({
  project: { id: idSchema, workspace_id: idSchema, version: "number.integer >= 1" },
  changes: changesSchema,
});

export const projectContracts = {
  ...contractFor(
    ["project.created.v1", "project.updated.v1", "project.archived.v1", "project.restored.v1", "project.deleted.v1"],
    { schema: projectFact, signal: signalOfProject },
  ),
  "project.purged.v1": { schema: projectPurged, signal: signalOfProject },
};

function signalOfProject({ project: { id, version } }: { project: { id: string; version: number } }): Signal {
  return { kind: "project", id, project_id: id, version };
}
