import type { Child } from "hono/jsx";
import { actBoost } from "../shell/boost.ts";
import { Icon } from "../shell/icon.tsx";
import { Check } from "../view/row.tsx";
import { DueField } from "./due.tsx";
import type { Field } from "./fields.ts";
import { Notes, notesPlaces } from "./notes.tsx";
import type { PanelProps } from "./panel.tsx";
import { PriorityField } from "./priority.tsx";
import { ProjectField } from "./project_field.tsx";
import type { Refused } from "./task_page.tsx";
import { Title } from "./title.tsx";

/** A task as fields, each a form of its own. */
export const Edit = ({ task, projects, here, reader, refused, close }: PanelProps & { readonly close: Child }) => (
  <>
    <header class="panel-head">
      <ProjectField task={task} projects={projects} error={errorOf(refused, "project")} />
      <form method="post" hx-boost={actBoost} class="panel-acts">
        {task.deleted_at === null ? (
          <button
            type="submit"
            class="quiet square"
            formaction={`/tasks/${task.id}/bin`}
            aria-label="Delete this task"
            data-deletes
          >
            <Icon name="trash-2" />
          </button>
        ) : (
          <button type="submit" class="button" formaction={`/tasks/${task.id}/restoration`}>
            <Icon name="rotate-ccw" />
            Restore
          </button>
        )}
      </form>
      {close}
    </header>
    {task.deleted_at !== null && <p class="banner">In the bin</p>}
    <div class="task-head">
      <form method="post" hx-boost={actBoost}>
        <Check task={task} />
      </form>
      <Title task={task} typed={typedOf(refused, "title")?.title} error={errorOf(refused, "title")} />
    </div>
    <DueField task={task} reader={reader} typed={typedOf(refused, "due")} error={errorOf(refused, "due")} />
    <PriorityField task={task} error={errorOf(refused, "priority")} />
    <Notes
      task={task}
      reader={reader}
      {...notesPlaces(here, task)}
      editing={here.editing}
      typed={typedOf(refused, "notes")?.notes}
      error={errorOf(refused, "notes")}
    />
  </>
);

const errorOf = (refused: Refused | undefined, field: Field) => (refused?.field === field ? refused.error : undefined);
const typedOf = (refused: Refused | undefined, field: Field) => (refused?.field === field ? refused.typed : undefined);
