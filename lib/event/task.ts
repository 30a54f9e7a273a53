import {
  dateSchema,
  idSchema,
  instantSchema,
  positionSchema,
  prioritySchema,
  type Task,
  timeSchema,
} from "@rondo/task";
import { type } from "arktype";
import { changesSchema, contractFor, type Signal } from "./contract.ts";

/**
 * A task as its events carry it. Chosen field by field, apart from the row and from the answer of the api: a new column is not a
 * change of a published event. What is added here is optional in `.v1`.
 */
const taskData = type({
  id: idSchema,
  workspace_id: idSchema,
  project_id: idSchema,
  title: "1 <= string <= 500",
  notes: "string <= 50000",
  priority: prioritySchema,
  due_date: dateSchema.or("null"),
  due_time: timeSchema.or("null"),
  time_zone: "string | null",
  due_at: instantSchema.or("null"),
  completed_at: instantSchema.or("null"),
  completed_by: idSchema.or("null"),
  deleted_at: instantSchema.or("null"),
  position: positionSchema,
  version: "number.integer >= 1",
  created_at: instantSchema,
  created_by: idSchema,
  updated_at: instantSchema,
});

/** What the events of a task carry of its row. */
export function taskEventData(row: Task): typeof taskData.infer {
  return {
    id: row.id,
    workspace_id: row.workspace_id,
    project_id: row.project_id,
    title: row.title,
    notes: row.notes,
    priority: row.priority,
    due_date: row.due_date,
    due_time: row.due_time,
    time_zone: row.time_zone,
    due_at: row.due_at,
    completed_at: row.completed_at,
    completed_by: row.completed_by,
    deleted_at: row.deleted_at,
    position: row.position,
    version: row.version,
    created_at: row.created_at,
    created_by: row.created_by,
    updated_at: row.updated_at,
  };
}

const taskFact = type({ task: taskData, changes: changesSchema });

/** What is gone for good leaves no content behind. `version` is one more than the last that the task had. */
const taskPurged = type({
  task: { id: idSchema, workspace_id: idSchema, project_id: idSchema, version: "number.integer >= 1" },
  changes: changesSchema,
});

export const taskContracts = {
  ...contractFor(
    [
      "task.created.v1",
      "task.updated.v1",
      "task.completed.v1",
      "task.reopened.v1",
      "task.moved.v1",
      "task.deleted.v1",
      "task.restored.v1",
    ],
    { schema: taskFact, signal: signalOfTask },
  ),
  "task.purged.v1": { schema: taskPurged, signal: signalOfTask },
};

function signalOfTask({ task }: { task: { id: string; project_id: string; version: number } }): Signal {
  return { kind: "task", id: task.id, project_id: task.project_id, version: task.version };
}
