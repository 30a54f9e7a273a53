import { createEvent, projectEventData } from "@rondo/event";
import type { Principal } from "@rondo/identity";
import type { Changes, ProjectEventKind, ProjectState } from "@rondo/task";
import { about, type Fact, operationOf, plainChanges } from "../thing/fact.ts";

export function projectFact(
  principal: Principal,
  kind: ProjectEventKind,
  { id, project, changes }: { id: string; project: ProjectState; changes: Changes<ProjectState> },
): Fact {
  const written = plainChanges(changes);
  const data = { project: projectEventData(project), changes: written };
  const event = createEvent<`${ProjectEventKind}.v1`>(`${kind}.v1`, { ...about(principal, project), id, data });
  return { event, operation: operationOf(principal, kind, { id, subject: project, changes: written }) };
}
