import type { CloudEvent } from "@rondo/event";
import { holds } from "./holds.ts";
import type { Model } from "./model.ts";
import type { ModelTask } from "./tasks.ts";

type Fields = Record<string, unknown>;

/** A task before its creation: what the first event does not name. */
const unborn: Fields = { project_id: null, title: null, notes: null, priority: null };
const defaults: Fields = { notes: "", priority: "none" };

/**
 * The history of each task, from its events alone: versions rise by one, each change begins where the one before it ended,
 * and the last one ends in the task as it is. Positions may be spread anew without an event, so they are left out.
 */
export function checkHistories(model: Model, events: readonly CloudEvent[]): void {
  const ofTask = Map.groupBy(events, ({ subject }) => subject);
  for (const task of model.tasks) {
    const facts = (ofTask.get(task.id) ?? []).flatMap(({ data }) =>
      "task" in data && "title" in data.task ? [{ task: data.task, changes: data.changes }] : [],
    );
    const inOrder = facts.toSorted((a, b) => a.task.version - b.task.version);
    const versions = inOrder.map((fact) => fact.task.version);
    holds(
      "versions of a task rise by one",
      versions,
      versions.map((_, index) => index + 1),
    );
    let state: Fields = unborn;
    for (const { changes, task: after } of inOrder) {
      for (const [field, [before]] of Object.entries(changes)) {
        if (field !== "position") holds(`the ${field} changed from what it was`, before ?? null, state[field] ?? null);
      }
      state = { ...(after.version === 1 ? { ...state, ...defaults } : state), ...valuesAfter(changes) };
      holds("an event has the task as its change left it", withoutPosition(after), stateOf(model, task, after.version));
    }
    holds("the history replays to the task as it is", pickFields(task, state), state);
  }
}

function valuesAfter(changes: Readonly<Record<string, readonly [unknown, unknown]>>): Fields {
  const entries = Object.entries(changes).filter(([field]) => field !== "position");
  return Object.fromEntries(entries.map(([field, [, after]]) => [field, after]));
}

function pickFields(task: ModelTask, like: Fields): Fields {
  const fields: Fields = { ...task };
  return Object.fromEntries(Object.keys(like).map((field) => [field, fields[field]]));
}

function stateOf(model: Model, { id }: ModelTask, version: number): ModelTask | undefined {
  return model.historyOf(id)[version - 1];
}

function withoutPosition({ position: _, ...task }: ModelTask & { readonly position: string }): ModelTask {
  return task;
}
