import type { AuditEntry } from "@rondo/contract";
import type { Project } from "@rondo/task";
import { inSentence, sayDay, sayInstant } from "../format/dates.ts";
import { priorityNames, shorten } from "../format/names.ts";
import type { Reader } from "../format/reader.ts";

export interface HistoryProps {
  readonly entries: readonly AuditEntry[];
  readonly projects: readonly Project[];
  readonly reader: Reader;
  /** The reader's own id, who is "You". */
  readonly me: string;
}

const verbs: Readonly<Record<string, string>> = {
  "task.created.v1": "added this task",
  "task.updated.v1": "changed",
  "task.completed.v1": "completed it",
  "task.reopened.v1": "reopened it",
  "task.moved.v1": "moved it",
  "task.deleted.v1": "put it into the bin",
  "task.restored.v1": "restored it",
};

/** What happened to a task, newest first, from the audit trail. */
export const HistoryList = (props: HistoryProps) =>
  props.entries.length === 0 ? (
    <p class="hint">Nothing yet. Changes show here a moment after they are made.</p>
  ) : (
    <ol class="history-list">
      {props.entries.map((entry) => (
        <Entry entry={entry} {...props} />
      ))}
    </ol>
  );

const Entry = ({ entry, projects, reader, me }: HistoryProps & { entry: AuditEntry }) => {
  const when = sayInstant(entry.time, reader);
  const changes = Object.entries(entry.changes).filter(([field]) => field in fieldNames);
  return (
    <li>
      <p>
        <strong>{sayActor(entry, me)}</strong> {verbs[entry.type] ?? entry.type}{" "}
        <time datetime={when.exact} title={when.title}>
          {inSentence(when.text)}
        </time>
      </p>
      {entry.type !== "task.created.v1" && changes.length > 0 && (
        <dl class="changes">
          {changes.map(([field, [before, after]]) => (
            <div>
              <dt>{fieldNames[field]}</dt>
              <dd>
                <del>{sayValue(field, before, projects, reader)}</del>
                <span aria-hidden="true"> → </span>
                <ins>{sayValue(field, after, projects, reader)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
};

/** What of a change is worth reading; the rest (position, versions, what is derived) is in the trail itself. */
const fieldNames: Readonly<Record<string, string>> = {
  title: "Title",
  notes: "Notes",
  priority: "Priority",
  due_date: "Date",
  due_time: "Time",
  project_id: "Project",
};

/** The trail knows people by their ids alone. A workspace has one member today, so whoever else acted in it has left or was forgotten. */
function sayActor(entry: AuditEntry, me: string): string {
  if (entry.actor_type === "system") return "Rondo";
  if (entry.actor_type === "agent") return "The assistant";
  if (entry.actor_type === "token") return "A program";
  return entry.actor_id === me ? "You" : "A former member";
}

function sayValue(field: string, value: unknown, projects: readonly Project[], reader: Reader): string {
  if (typeof value !== "string" || value === "") return "none";
  if (field === "priority") return Object.entries(priorityNames).find(([name]) => name === value)?.[1] ?? value;
  if (field === "project_id") return projects.find((project) => project.id === value)?.name ?? "another project";
  if (field === "due_date") return sayDay(Temporal.PlainDate.from(value), reader);
  return shorten(value, 160);
}
