import type { ActorType, Role } from "@rondo/identity";
import { eventTypeOf, type ModelTask } from "./tasks.ts";

/** Somebody who acts in one workspace. */
export interface Person {
  readonly name: string;
  readonly credential: string;
  readonly actor_id: string;
  readonly actor_type: ActorType;
  readonly user_id: string;
  readonly workspace_id: string;
  readonly role: Role;
}

export interface Workspace {
  readonly id: string;
  /** The Inbox first. */
  readonly projects: readonly string[];
}

/** A change that happened: it must have one event and one audit entry. */
export interface Change {
  readonly workspace_id: string;
  readonly subject_id: string;
  /** The version that it made. */
  readonly version: number;
  readonly type: string;
  readonly by: Person;
  readonly at: string;
  /** The `Rondo-Operation` of its answer, which is also its event's id; undefined when the answer was lost. */
  readonly operation_id: string | undefined;
  /** Its place among all changes, in the order in which they were committed; undefined when that is not known. */
  readonly place: number | undefined;
}

/** An answer that was given under an `Idempotency-Key`. */
export interface KeptAnswer {
  readonly by: Person;
  readonly path: string;
  readonly key: string;
  readonly body: object | undefined;
  readonly status: number;
  readonly text: string;
}

/** What must be true of Rondo: whatever was acknowledged, and nothing else. */
export class Model {
  readonly people: readonly Person[];
  readonly workspaces: readonly Workspace[];
  readonly answers: KeptAnswer[] = [];
  readonly changes: Change[] = [];
  readonly #byVersion = new Map<string, Change>();
  readonly #histories = new Map<string, ModelTask[]>();

  constructor(people: readonly Person[], workspaces: readonly Workspace[]) {
    this.people = people;
    this.workspaces = workspaces;
  }

  get tasks(): readonly ModelTask[] {
    return [...this.#histories.values()].flatMap((history) => history.at(-1) ?? []);
  }

  /** The states of a task, by version from 1 on. */
  historyOf(id: string): readonly ModelTask[] {
    return this.#histories.get(id) ?? [];
  }

  changeOf(subjectId: string, version: number): Change | undefined {
    return this.#byVersion.get(`${subjectId} ${version}`);
  }

  workspaceOf({ workspace_id }: Pick<Person, "workspace_id">): Workspace {
    const workspace = this.workspaces.find(({ id }) => id === workspace_id);
    if (workspace === undefined) throw new Error(`no workspace ${workspace_id}`);
    return workspace;
  }

  /** A task came into its next state, or into being. */
  taskChanged(by: Person, task: ModelTask, operationId: string | undefined, inOrder = true): void {
    const history = this.#histories.get(task.id) ?? [];
    const type = eventTypeOf(history.at(-1), task);
    this.#histories.set(task.id, [...history, task]);
    const { id: subject_id, version, updated_at: at } = task;
    this.noteChange({ subject_id, version, type, by, at, operation_id: operationId }, inOrder);
  }

  noteChange(change: Omit<Change, "workspace_id" | "place">, inOrder = true): void {
    const place = inOrder ? this.changes.length : undefined;
    const noted = { ...change, workspace_id: change.by.workspace_id, place };
    this.changes.push(noted);
    this.#byVersion.set(`${change.subject_id} ${change.version}`, noted);
  }
}

export function mayWrite({ role }: Person): boolean {
  return role !== "viewer";
}

/** One of them, for any number. */
export function pick<T>(items: readonly T[], number: number): T {
  const item = items[number % items.length];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
