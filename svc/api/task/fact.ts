import { createEvent, taskEventData } from "@rondo/event";
import type { Principal } from "@rondo/identity";
import type { Changes, Task, TaskEventKind } from "@rondo/task";
import { about, type Fact, operationOf, plainChanges } from "../thing/fact.ts";

export function taskFact(
  principal: Principal,
  kind: TaskEventKind,
  { id, task, changes }: { id: string; task: Task; changes: Changes<Task> },
): Fact {
  const written = plainChanges(changes);
  const data = { task: taskEventData(task), changes: written };
  const event = createEvent<`${TaskEventKind}.v1`>(`${kind}.v1`, { ...about(principal, task), id, data });
  return { event, operation: operationOf(principal, kind, { id, subject: task, changes: written }) };
}
