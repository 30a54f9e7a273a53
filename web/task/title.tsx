import { type Task, titleMaxLength } from "@rondo/task";
import { errorId, FieldForm } from "./field_form.tsx";

/** The title, always open: Enter or leaving it saves, Esc puts it back. */
export const Title = ({
  task,
  typed,
  error,
}: {
  task: Task;
  typed?: string | undefined;
  error?: string | undefined;
}) => (
  <FieldForm task={task} field="title" error={error}>
    <label class="only-read" for={`title-input-${task.id}`}>
      Title
    </label>
    <textarea
      id={`title-input-${task.id}`}
      name="title"
      class="title-input"
      dir="auto"
      rows={1}
      required
      maxlength={titleMaxLength}
      data-line
      aria-describedby={errorId(task, "title")}
      aria-invalid={error === undefined ? undefined : "true"}
      enterkeyhint="done"
    >
      {typed ?? task.title}
    </textarea>
  </FieldForm>
);
