import type { Color, Project } from "@rondo/task";
import { colorNames } from "../format/names.ts";
import type { Reader } from "../format/reader.ts";
import { goBoost, inherited } from "../shell/boost.ts";
import { Page } from "../shell/page.tsx";
import type { Frame } from "../view/load.ts";
import { projectPath } from "../view/view.ts";
import { NameAndColor } from "./menu.tsx";

export interface EditPageProps {
  readonly frame: Frame;
  readonly reader: Reader;
  /** As it is now. */
  readonly project: Project;
  /** What was typed; without an error it was refused for being stale. */
  readonly typed: { readonly name: string; readonly color: Color; readonly error: string | undefined };
}

/** A change of a project that was refused: what was typed, beside what is saved now. */
export const EditPage = ({ frame, reader, project, typed }: EditPageProps) => (
  <Page title={`Edit ${project.name}`} reader={reader} frame={frame} at={projectPath(project)}>
    <div {...inherited(goBoost)}>
      <header class="head">
        <h1 id="heading" tabindex={-1}>
          Edit project
        </h1>
      </header>
      <form class="box" method="post" action={`/projects/${project.id}`}>
        {typed.error === undefined && (
          <div class="banner" role="alert">
            <p>This project was changed elsewhere while you edited it.</p>
            <p>
              Saved now: <span class="dot" data-color={project.color} /> <strong>{project.name}</strong>,{" "}
              {colorNames[project.color]}
            </p>
          </div>
        )}
        <input type="hidden" name="version" value={project.version} />
        <NameAndColor id={project.id} {...typed} />
        <div class="actions">
          <button type="submit" class="primary">
            Save yours
          </button>
          <a class="button" href={projectPath(project)}>
            Keep what is saved
          </a>
        </div>
      </form>
    </div>
  </Page>
);
