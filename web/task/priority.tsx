import { priorities, type Task } from "@rondo/task";
import { priorityNames } from "../format/names.ts";
import { Icon } from "../shell/icon.tsx";
import { FieldForm } from "./field_form.tsx";

export const PriorityField = ({ task, error }: { task: Task; error?: string | undefined }) => (
  <FieldForm task={task} field="priority" error={error}>
    <fieldset class="segments">
      <legend>Priority</legend>
      <div class="segments-row">
        {priorities.map((priority) => (
          <label class="segment" data-priority={priority}>
            <input type="radio" name="priority" value={priority} checked={priority === task.priority} />
            <Icon name={`ring-${priority}`} class="ring" />
            <span>{priorityNames[priority]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  </FieldForm>
);
