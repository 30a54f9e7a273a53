import { type Color, colors, type Project } from "@rondo/task";
import type { Reader } from "../format/reader.ts";
import { goBoost, inherited } from "../shell/boost.ts";
import { Icon } from "../shell/icon.tsx";
import { Page } from "../shell/page.tsx";
import type { Said } from "../shell/toast.tsx";
import type { Frame } from "../view/load.ts";
import { projectPath } from "../view/view.ts";
import { NameAndColor } from "./menu.tsx";

export interface ProjectsPageProps {
  readonly frame: Frame;
  readonly archived: readonly Project[];
  readonly reader: Reader;
  readonly said?: Said | undefined;
  readonly refused?: { readonly name: string; readonly color: Color; readonly error: string } | undefined;
}

/** Every project, a new one, and the way back for those that were archived. */
export const ProjectsPage = ({ frame, archived, reader, said, refused }: ProjectsPageProps) => {
  const active = frame.projects.filter((project) => !project.is_inbox);
  return (
    <Page title="Projects" reader={reader} frame={frame} at="/projects" said={said}>
      <div {...inherited(goBoost)}>
        <header class="head">
          <h1 id="heading" tabindex={-1}>
            Projects
          </h1>
        </header>
        {active.length === 0 ? (
          <p class="hint">A project is a list of its own: for work, the house, a journey.</p>
        ) : (
          <ul class="cards">
            {active.map((project) => (
              <ProjectCard project={project} reader={reader} />
            ))}
          </ul>
        )}
        {reader.may("projects.change") && (
          <form id="new" class="box" method="post" action="/projects">
            <h2>New project</h2>
            <NameAndColor id="new" color={nextColor(active.length)} {...refused} />
            <div class="actions">
              <button type="submit" class="primary">
                Create
              </button>
            </div>
          </form>
        )}
        {archived.length > 0 && (
          <section aria-labelledby="archived">
            <h2 id="archived" class="group-head">
              Archived <span class="count">{archived.length}</span>
            </h2>
            <ul class="cards">
              {archived.map((project) => (
                <ProjectCard project={project} reader={reader} />
              ))}
            </ul>
          </section>
        )}
        <p class="list-foot">
          <a class="quiet" href="/bin">
            <Icon name="trash-2" />
            Bin
          </a>
        </p>
      </div>
    </Page>
  );
};

/** Each new project is offered another colour than the one before; gray is for who wants it. */
function nextColor(count: number): Color {
  const bright = colors.filter((color) => color !== "gray");
  return bright[(count + 6) % bright.length] ?? "blue";
}

const ProjectCard = ({ project, reader }: { project: Project; reader: Reader }) => (
  <li class="card-row">
    <a class="card-link" href={projectPath(project)}>
      <span class="dot" data-color={project.color} />
      {project.name}
    </a>
    {project.archived_at && reader.may("projects.change") && (
      <form method="post" action={`/projects/${project.id}/archive`}>
        <button type="submit" class="quiet" name="archived" value="0" aria-label={`Bring back ${project.name}`}>
          <Icon name="archive-restore" />
          Bring back
        </button>
      </form>
    )}
  </li>
);
