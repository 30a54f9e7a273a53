import { expect, test } from "bun:test";
import type { AuditEntry } from "@rondo/contract";
import { newId } from "@rondo/testing";
import { aReader } from "../testing.ts";
import { HistoryList } from "./history.tsx";

const me = newId();

function said(actor: Pick<AuditEntry, "actor_id" | "actor_type">): string {
  const [id, event_id, task_id] = [newId(), newId(), newId()];
  const entry = { id, event_id, task_id, project_id: null, type: "task.completed.v1", changes: {}, ...actor };
  const entries = [{ ...entry, time: "2026-11-25T08:00:00.000Z" }];
  return String(<HistoryList entries={entries} projects={[]} reader={aReader} me={me} />);
}

test.each([
  ["You", { actor_id: me, actor_type: "user" }],
  ["A former member", { actor_id: newId(), actor_type: "user" }],
  ["A program", { actor_id: newId(), actor_type: "token" }],
  ["The assistant", { actor_id: newId(), actor_type: "agent" }],
  ["Rondo", { actor_id: "api", actor_type: "system" }],
] as const)("history says %s of whom the trail knows by an id alone", (name, actor) => {
  const html = said(actor);
  expect(html).toContain(`<strong>${name}</strong>`);
  expect(html).not.toContain(actor.actor_id);
});
