import { type Color, colors, nameMaxLength, type Project } from "@rondo/task";
import { colorNames } from "../format/names.ts";
import { goBoost } from "../shell/boost.ts";
import { Icon } from "../shell/icon.tsx";

/** Rename, recolour, archive. */
export const ProjectMenu = ({ project }: { project: Project }) => (
  <details id={`project-menu-${project.id}`} class="menu">
    <summary class="quiet square" aria-label={`Edit ${project.name}`}>
      <Icon name="pencil" />
    </summary>
    <div class="menu-body">
      <form
        id={`project-${project.id}`}
        method="post"
        action={`/projects/${project.id}`}
        hx-boost={goBoost}
        data-keeps=""
      >
        <input type="hidden" name="version" value={project.version} />
        <NameAndColor id={project.id} name={project.name} color={project.color} />
        <div class="actions">
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
      <form method="post" action={`/projects/${project.id}/archive`} hx-boost={goBoost}>
        <button type="submit" class="quiet" name="archived" value={project.archived_at ? "0" : "1"}>
          <Icon name={project.archived_at ? "archive-restore" : "archive"} />
          {project.archived_at ? "Bring back" : "Archive"}
        </button>
      </form>
    </div>
  </details>
);

export interface NameAndColorProps {
  readonly id: string;
  readonly name?: string;
  readonly color?: Color;
  readonly error?: string | undefined;
}

export const NameAndColor = ({ id, name = "", color = "gray", error }: NameAndColorProps) => (
  <>
    <label for={`project-name-${id}`}>Name</label>
    <input
      id={`project-name-${id}`}
      name="name"
      value={name}
      required
      maxlength={nameMaxLength}
      autocomplete="off"
      aria-describedby={`project-error-${id}`}
      aria-invalid={error === undefined ? undefined : "true"}
    />
    <p id={`project-error-${id}`} class="error" role="alert">
      {error}
    </p>
    <fieldset class="swatches">
      <legend>Colour</legend>
      {colors.map((one) => (
        <label class="swatch">
          <input type="radio" name="color" value={one} checked={one === color} />
          <span class="dot" data-color={one} />
          <span class="only-read">{colorNames[one]}</span>
        </label>
      ))}
    </fieldset>
  </>
);
