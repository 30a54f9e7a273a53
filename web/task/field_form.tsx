import type { Task } from "@rondo/task";
import type { Child } from "hono/jsx";
import { actBoost } from "../shell/boost.ts";
import { type Field, fieldMark } from "./fields.ts";

export interface FieldFormProps {
  readonly task: Task;
  readonly field: Field;
  /** When it is sent without a press of its button (`hx-trigger`). */
  readonly trigger?: string;
  readonly error?: string | undefined;
  /** It holds something that no refresh may take away. */
  readonly open?: boolean;
  readonly children: Child;
}

export const errorId = (task: Pick<Task, "id">, field: Field) => `${field}-error-${task.id}`;

/**
 * The form of one field. It carries the version and what the field was, so that a stale edit is seen for what it is;
 * the script keeps what is typed into it through every refresh (`data-keeps`).
 */
export const FieldForm = ({
  task,
  field,
  trigger = "change, submit",
  error,
  open = false,
  children,
}: FieldFormProps) => (
  <form
    id={`${field}-${task.id}`}
    class={`field field-${field}`}
    method="post"
    action={`/tasks/${task.id}`}
    hx-boost={actBoost}
    hx-trigger={trigger}
    hx-sync="this:queue last"
    data-keeps=""
    data-open={open ? "" : undefined}
  >
    <input type="hidden" name="field" value={field} />
    <input type="hidden" name="version" value={task.version} />
    <input type="hidden" name="was" value={fieldMark(task, field)} />
    {children}
    <button type="submit" class="save-plain">
      Save
    </button>
    <p id={errorId(task, field)} class="error" role="alert">
      {error}
    </p>
  </form>
);
