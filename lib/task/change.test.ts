import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type Changes,
  completeTask,
  createProject,
  createTask,
  type Decision,
  deleteProject,
  deleteTask,
  moveTask,
  type NewTask,
  type ProjectState,
  patchProject,
  patchTask,
  priorities,
  projectEventKind,
  projectSchema,
  reopenTask,
  restoreTask,
  type Task,
  type TaskPatch,
  taskEventKind,
  taskSchema,
  undoProject,
  undoTask,
} from "./index.ts";

const now = new Date("2026-01-31T08:00:00.000Z");
const later = new Date("2026-02-01T08:00:00.000Z");
const [id, workspace_id, project_id, user_id] = Array.from({ length: 4 }, () => Bun.randomUUIDv7()) as [
  string,
  string,
  string,
  string,
];
const other_project = Bun.randomUUIDv7();

function made(input: NewTask = { title: "Buy milk" }): Task {
  const decision = createTask(input, { id, workspace_id, project_id, created_by: user_id, now });
  if (decision.kind !== "changed") throw new Error("refused");
  return decision.next;
}

function madeProject(is_inbox = false): ProjectState {
  return createProject({ name: "House" }, { id, workspace_id, created_by: user_id, now, is_inbox }).next;
}

const input: fc.Arbitrary<NewTask> = fc.record(
  {
    title: fc.constantFrom("Buy milk", "Call mum", "x"),
    notes: fc.constantFrom("", "2 l"),
    priority: fc.constantFrom(...priorities),
    due_date: fc.constantFrom(null, "2026-01-31", "2026-06-30"),
  },
  { requiredKeys: ["title"] },
);
const patch: fc.Arbitrary<TaskPatch> = fc.record(
  {
    title: fc.constantFrom("Buy milk", "Call mum", "y"),
    notes: fc.constantFrom(null, "", "3 l"),
    priority: fc.constantFrom(null, ...priorities),
    due_date: fc.constantFrom(null, "2026-01-31", "2026-07-01"),
    project_id: fc.constantFrom(project_id, other_project),
  },
  { requiredKeys: [] },
);
const verb = fc.oneof(
  patch.map((wanted) => (task: Task) => patchTask(task, wanted, later)),
  fc.constant((task: Task) => completeTask(task, user_id, later)),
  fc.constant((task: Task) => reopenTask(task, later)),
  fc.constant((task: Task) => deleteTask(task, later)),
  fc.constant((task: Task) => restoreTask(task, project_id, later)),
  fc.constant((task: Task) => moveTask(task, { project_id: other_project, position: "g5" }, later)),
);

/** A task after some verbs, whatever they did. */
const state = fc.tuple(input, fc.array(verb, { maxLength: 6 })).map(([first, verbs]) =>
  verbs.reduce((task, decide) => {
    const decision = decide(task);
    return decision.kind === "changed" ? decision.next : task;
  }, made(first)),
);

test("a new task is valid, and its changes say how it differs from an empty one", () => {
  fc.assert(
    fc.property(input, (wanted) => {
      const task = made(wanted);
      expect(taskSchema.allows(task)).toBe(true);
      expect(task.version).toBe(1);
    }),
  );
  const decision = createTask(
    { title: "a", due_date: "2026-01-31" },
    { id, workspace_id, project_id, created_by: user_id, now },
  );
  expect(decision).toMatchObject({
    changes: { title: [null, "a"], due_date: [null, "2026-01-31"], project_id: [null, project_id] },
  });
});

describe("every change of a task", () => {
  test("makes the next version, valid, and names exactly what differs", () => {
    fc.assert(
      fc.property(state, verb, (task, decide) => {
        const decision = decide(task);
        if (decision.kind !== "changed") return;
        const { next, changes } = decision;
        expect(taskSchema.allows(next)).toBe(true);
        expect([next.version, next.updated_at]).toEqual([task.version + 1, later.toISOString()]);
        const differing = Object.keys(next).filter((field) => Reflect.get(next, field) !== Reflect.get(task, field));
        const named = [...Object.keys(changes), "version", "updated_at"];
        expect(differing.filter((field) => !named.includes(field))).toEqual([]);
        for (const [field, [before, after]] of Object.entries(changes)) {
          expect([before, after]).toEqual([Reflect.get(task, field), Reflect.get(next, field)]);
          expect(before).not.toBe(after);
        }
      }),
    );
  });

  test("done again changes nothing", () => {
    fc.assert(
      fc.property(state, verb, (task, decide) => {
        const once = decide(task);
        if (once.kind === "changed") expect(decide(once.next).kind).not.toBe("changed");
      }),
    );
  });

  test("is undone to what was there, and the undo is undone again", () => {
    fc.assert(
      fc.property(state, verb, (task, decide) => {
        const done = decide(task);
        if (done.kind !== "changed") return;
        const back = undone(done.next, taskEventKind(done.changes), done.changes);
        expect(content(back.next)).toEqual(content(task));
        const forth = undone(back.next, taskEventKind(back.changes), back.changes);
        expect(content(forth.next)).toEqual(content(done.next));
      }),
    );
  });

  test("cannot be undone once something else changed", () => {
    const task = made();
    const done = changed(completeTask(task, user_id, later));
    const since = changed(patchTask(done.next, { title: "x" }, later)).next;
    const operation = { kind: "task.completed", version: done.next.version, changes: done.changes };
    expect(undoTask(since, operation, later)).toMatchObject({ kind: "refused", reason: "conflict" });
  });
});

test("a created task is undone into the bin", () => {
  const task = made();
  const { next } = undone(task, "task.created", {});
  expect(next.deleted_at).toBe(later.toISOString());
});

test("in the bin nothing changes but by restoring", () => {
  const binned = changed(deleteTask(made(), now)).next;
  const refusals = [
    patchTask(binned, { title: "x" }, later),
    completeTask(binned, user_id, later),
    reopenTask(binned, later),
    moveTask(binned, { project_id, position: "g5" }, later),
  ];
  for (const refusal of refusals) expect(refusal).toMatchObject({ kind: "refused", reason: "conflict" });
  expect(changed(restoreTask(binned, project_id, later)).next.deleted_at).toBeNull();
});

test("each kind of change is its kind of event", () => {
  const kind = (changes: Changes<Task>) => taskEventKind(changes);
  expect(kind({ title: ["a", "b"] })).toBe("task.updated");
  expect(kind({ title: ["a", "b"], project_id: [project_id, other_project] })).toBe("task.updated");
  expect(kind({ project_id: [project_id, other_project] })).toBe("task.moved");
  expect(kind({ deleted_at: ["x", null], project_id: [project_id, other_project] })).toBe("task.restored");
  expect(kind({ completed_at: [null, "x"] })).toBe("task.completed");
  expect(projectEventKind({ archived_at: [null, "x"] })).toBe("project.archived");
  expect(projectEventKind({ archived_at: ["x", null] })).toBe("project.restored");
  expect(projectEventKind({ name: ["a", "b"] })).toBe("project.updated");
});

describe("projects", () => {
  test("a new one is valid; colour and archive are patched and cleared", () => {
    const project = madeProject();
    expect(projectSchema.allows(project)).toBe(true);
    const archived = changed(patchProject(project, { archived: true, color: "blue" }, later)).next;
    expect([archived.archived_at, archived.color]).toEqual([later.toISOString(), "blue"]);
    expect(patchProject(archived, { archived: true }, now).kind).toBe("unchanged");
    const back = changed(patchProject(archived, { archived: false, color: null }, later)).next;
    expect([back.archived_at, back.color]).toEqual([null, "gray"]);
  });

  test("the Inbox is neither archived nor deleted, but renamed", () => {
    const inbox = madeProject(true);
    expect(patchProject(inbox, { archived: true }, later).kind).toBe("refused");
    expect(deleteProject(inbox, false, later).kind).toBe("refused");
    expect(patchProject(inbox, { name: "In" }, later).kind).toBe("changed");
  });

  test("one with tasks is not deleted; a deletion and a creation are undone", () => {
    const project = madeProject();
    expect(deleteProject(project, true, later).kind).toBe("refused");
    const deleted = changed(deleteProject(project, false, later));
    const operation = { kind: "project.deleted", version: 2, changes: deleted.changes };
    expect(changed(undoProject(deleted.next, operation, false, later)).next.deleted_at).toBeNull();
    const creation = { kind: "project.created", version: 1, changes: {} };
    expect(undoProject(project, creation, true, later).kind).toBe("refused");
    expect(changed(undoProject(project, creation, false, later)).next.deleted_at).not.toBeNull();
  });
});

function changed<T>(decision: Decision<T>) {
  if (decision.kind !== "changed") throw new Error(`it is ${decision.kind}`);
  return decision;
}

function undone(task: Task, kind: string, changes: Changes<Task>) {
  return changed(undoTask(task, { kind, version: task.version, changes }, later));
}

function content({ version: _, updated_at: __, ...rest }: Task) {
  return rest;
}
