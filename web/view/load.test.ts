import { expect, test } from "bun:test";
import type { Task } from "@rondo/task";
import { withoutOlder } from "./load.ts";

function taskOf(version: number, id: string = Bun.randomUUIDv7()): Task {
  const at = "2026-11-25T09:00:00.000Z";
  const [workspace_id, project_id, created_by] = [Bun.randomUUIDv7(), Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  const due = { due_date: null, due_time: null, time_zone: null, due_at: null };
  const ended = { completed_at: null, completed_by: null, deleted_at: null };
  const made = { position: "a0", version, created_at: at, created_by, updated_at: at };
  return {
    id,
    workspace_id,
    project_id,
    title: "Water the plants",
    notes: "",
    priority: "none",
    ...due,
    ...ended,
    ...made,
  };
}

test("a task that was completed between the two lists is shown once, where it is newer", () => {
  const [open, other] = [taskOf(3), taskOf(1)];
  const completed = taskOf(4, open.id);
  const groups = [
    { key: "open" as const, tasks: [open, other] },
    { key: "completed" as const, tasks: [completed] },
  ];
  expect(withoutOlder(groups)).toEqual([
    { key: "open", tasks: [other] },
    { key: "completed", tasks: [completed] },
  ]);
});

test("one that was reopened in between stays among the open ones", () => {
  const completed = taskOf(4);
  const open = taskOf(5, completed.id);
  const groups = [
    { key: "open" as const, tasks: [open] },
    { key: "completed" as const, tasks: [completed] },
  ];
  expect(withoutOlder(groups)).toEqual([
    { key: "open", tasks: [open] },
    { key: "completed", tasks: [] },
  ]);
});
