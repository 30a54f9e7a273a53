import { titleMaxLength } from "@rondo/task";
import { actBoost } from "../shell/boost.ts";
import { Icon } from "../shell/icon.tsx";

export interface AddProps {
  /** Where the task goes: into this project, or (without one) into the Inbox. */
  readonly project_id?: string | undefined;
  /** Today's list adds what is due today. */
  readonly due_today?: boolean;
  /** What was typed and refused, and why. */
  readonly title?: string;
  readonly error?: string | undefined;
}

/** The form at the top of a list. Enter adds, and the next can be typed at once; a refused text comes back into it. */
export const Add = ({ project_id, due_today = false, title = "", error }: AddProps) => (
  <form
    id="add"
    class="add"
    method="post"
    action="/tasks"
    hx-boost={actBoost}
    hx-sync="this:queue all"
    autocomplete="off"
    data-keeps={`add-${due_today ? "today" : project_id}`}
  >
    <Icon name="plus" />
    <label class="only-read" for="add-title">
      {due_today ? "New task for today" : "New task"}
    </label>
    <input
      id="add-title"
      name="title"
      class="add-title"
      value={title}
      placeholder={due_today ? "Add a task for today" : "Add a task"}
      required
      maxlength={titleMaxLength}
      aria-describedby="add-error"
      aria-invalid={error === undefined ? undefined : "true"}
      enterkeyhint="done"
    />
    {project_id !== undefined && <input type="hidden" name="project_id" value={project_id} />}
    {due_today && <input type="hidden" name="due_today" value="1" />}
    <input type="hidden" name="key" value={crypto.randomUUID()} data-key />
    <button type="submit" class="quiet add-submit">
      Add
    </button>
    <p id="add-error" class="error" role="alert">
      {error}
    </p>
  </form>
);
