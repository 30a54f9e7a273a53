import { notesMaxLength, type Task } from "@rondo/task";
import { raw } from "hono/html";
import { renderMarkdown } from "../format/markdown.ts";
import type { Reader } from "../format/reader.ts";
import { inherited, notesBoost } from "../shell/boost.ts";
import { Icon } from "../shell/icon.tsx";
import { type Here, hrefOf } from "../view/view.ts";
import { errorId, FieldForm } from "./field_form.tsx";

export interface NotesProps {
  readonly task: Task;
  readonly reader: Reader;
  /** Where they are shown, and where they are edited. */
  readonly href: string;
  readonly editHref: string;
  readonly editing?: boolean;
  readonly typed?: string | undefined;
  readonly error?: string | undefined;
}

export function notesPlaces(here: Here, task: Pick<Task, "id">): { href: string; editHref: string } {
  const there = { ...here, task_id: task.id };
  return { href: hrefOf(there, { editing: false }), editHref: hrefOf(there, { editing: true }) };
}

/** The notes, rendered; or their Markdown, being edited (`data-open` keeps the editor open through a refresh of what is around it). */
export const Notes = (props: NotesProps) => {
  const { task, reader, editHref } = props;
  const edits = reader.may("tasks.change");
  const editing = edits && props.editing === true;
  return (
    <section
      id={`notes-section-${task.id}`}
      class="notes"
      aria-labelledby={`notes-head-${task.id}`}
      data-open={editing ? "" : undefined}
      {...inherited(notesBoost(task))}
    >
      <div class="section-head">
        <h2 id={`notes-head-${task.id}`}>Notes</h2>
        {edits && !editing && (
          <a class="quiet" href={editHref} data-edits-notes={`notes-${task.id}`}>
            <Icon name="pencil" />
            {task.notes === "" ? "Write" : "Edit"}
            <span class="only-read"> the notes</span>
          </a>
        )}
      </div>
      {editing ? <NotesEditor {...props} /> : <NotesText text={task.notes} />}
    </section>
  );
};

/** Nothing in here is a place for htmx: whatever a note manages to say, it stays a text. */
const NotesText = ({ text }: { text: string }) =>
  text === "" ? null : (
    <div class="prose" dir="auto" hx-ignore="">
      {raw(renderMarkdown(text))}
    </div>
  );

const NotesEditor = ({ task, href, typed, error }: NotesProps) => (
  <FieldForm task={task} field="notes" trigger="submit" error={error}>
    <label class="only-read" for={`notes-input-${task.id}`}>
      Notes in Markdown
    </label>
    <textarea
      id={`notes-input-${task.id}`}
      name="notes"
      class="notes-input"
      dir="auto"
      rows={6}
      maxlength={notesMaxLength}
      aria-describedby={errorId(task, "notes")}
      aria-invalid={error === undefined ? undefined : "true"}
      autofocus
    >
      {`\n${typed ?? task.notes}`}
    </textarea>
    <div class="actions">
      <button type="submit" class="primary">
        Save
      </button>
      <a class="button" href={href} data-cancels>
        Cancel
      </a>
      <span class="hint">Markdown</span>
    </div>
  </FieldForm>
);
