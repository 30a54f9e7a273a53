import type { Task } from "@rondo/task";
import { sayDay, sayDue } from "../format/dates.ts";
import { type Reader, todayOf } from "../format/reader.ts";
import { errorId, FieldForm } from "./field_form.tsx";

export interface DueFieldProps {
  readonly task: Task;
  readonly reader: Reader;
  readonly typed?: Readonly<Record<string, string>> | undefined;
  readonly error?: string | undefined;
}

/** The due date and time. A time keeps the zone in which it was set; a new one is in the reader's. */
export const DueField = ({ task, reader, typed, error }: DueFieldProps) => {
  const due = sayDue(task, reader);
  const zone = task.time_zone ?? reader.zone;
  const today = todayOf(reader);
  return (
    <FieldForm task={task} field="due" trigger="change delay:400ms, submit" error={error}>
      <fieldset>
        <legend>
          Due
          {due && (
            <time
              class="due"
              datetime={due.exact}
              title={due.title}
              data-nearness={task.completed_at ? undefined : due.nearness}
            >
              {due.text}
            </time>
          )}
        </legend>
        <div class="due-inputs">
          <label class="only-read" for={`due-date-${task.id}`}>
            Date
          </label>
          <input
            id={`due-date-${task.id}`}
            type="date"
            name="due_date"
            min="1970-01-01"
            max="2199-12-31"
            value={typed?.due_date ?? task.due_date ?? ""}
            aria-describedby={errorId(task, "due")}
            aria-invalid={error === undefined ? undefined : "true"}
          />
          <label class="only-read" for={`due-time-${task.id}`}>
            Time
          </label>
          <input
            id={`due-time-${task.id}`}
            type="time"
            name="due_time"
            value={typed?.due_time ?? task.due_time ?? ""}
          />
          {task.due_time !== null && zone !== reader.zone && <span class="zone">{zone.replaceAll("_", " ")}</span>}
        </div>
        <input type="hidden" name="time_zone" value={zone} />
        <div class="due-quick">
          <Quick day={today} label="Today" />
          <Quick day={today.add({ days: 1 })} label="Tomorrow" />
          <Quick day={today.add({ days: 8 - today.dayOfWeek })} label={sayMonday(today, reader)} />
          {task.due_date !== null && (
            <button type="submit" class="chip" name="day" value="none">
              No date
            </button>
          )}
        </div>
      </fieldset>
    </FieldForm>
  );
};

const Quick = ({ day, label }: { day: Temporal.PlainDate; label: string }) => (
  <button type="submit" class="chip" name="day" value={day.toString()}>
    {label}
  </button>
);

/** The Monday that begins the next week: "Monday", or with its date on a Sunday, when "Monday" is "Tomorrow" above. */
function sayMonday(today: Temporal.PlainDate, reader: Reader): string {
  const monday = sayDay(today.add({ days: 8 - today.dayOfWeek }), reader);
  return monday === "Tomorrow" ? "Monday" : monday;
}
