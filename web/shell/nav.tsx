import type { Project } from "@rondo/task";
import type { IconName } from "../assets/icons.ts";
import type { Reader } from "../format/reader.ts";
import { countMost, type Frame } from "../view/load.ts";
import { inboxOf, projectPath } from "../view/view.ts";
import { goBoost, inherited } from "./boost.ts";
import { Icon } from "./icon.tsx";

interface PlaceProps {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
  readonly at: string;
  readonly count?: number;
}

const Place = ({ href, icon, label, at, count = 0 }: PlaceProps) => (
  <li>
    <a class="place" href={href} aria-current={href === at ? "page" : undefined}>
      <Icon name={icon} />
      <span class="place-label">{label}</span>
      {count > 0 && <Count count={count} />}
    </a>
  </li>
);

const Count = ({ count }: { count: number }) => (
  <span class="count">
    {count >= countMost ? `${countMost - 1}+` : count}
    <span class="only-read"> {count === 1 ? "task" : "tasks"}</span>
  </span>
);

const ProjectPlace = ({ project, at }: { project: Project; at: string }) => (
  <li>
    <a class="place" href={projectPath(project)} aria-current={projectPath(project) === at ? "page" : undefined}>
      <span class="dot" data-color={project.color} />
      <span class="place-label">{project.name}</span>
    </a>
  </li>
);

/** The side bar. `at`: the path that is shown. It comes anew with every change, for its counts and projects. */
export const SideBar = ({ frame, at, reader }: { frame: Frame; at: string; reader: Reader }) => {
  const inbox = inboxOf(frame.projects);
  const others = frame.projects.filter((project) => project !== inbox);
  return (
    <nav id="nav" class="side" aria-label="Main" {...inherited(goBoost)}>
      <a class="brand" href="/inbox">
        <Icon name="mark" />
        Rondo
      </a>
      <ul>
        <Place href="/inbox" icon="inbox" label="Inbox" at={at} count={frame.inbox_count} />
        <Place href="/today" icon="sun" label="Today" at={at} count={frame.today_count} />
      </ul>
      <div class="side-head">
        <h2>
          <a href="/projects">Projects</a>
        </h2>
        {reader.may("projects.change") && (
          <a class="quiet square" href="/projects#new" aria-label="New project">
            <Icon name="plus" />
          </a>
        )}
      </div>
      <ul>
        {others.map((project) => (
          <ProjectPlace project={project} at={at} />
        ))}
      </ul>
      <ul class="side-foot">
        <Place href="/bin" icon="trash-2" label="Bin" at={at} />
        <Place href="/account" icon="circle-user" label="Account" at={at} />
        <li>
          <button type="button" class="place" data-opens="keys">
            <Icon name="keyboard" />
            <span class="place-label">Keys</span>
            <kbd>?</kbd>
          </button>
        </li>
      </ul>
    </nav>
  );
};

/** What the side bar is on a narrow screen. */
export const BottomBar = ({ at, reader }: { at: string; reader: Reader }) => (
  <nav class="bottom" aria-label="Places" {...inherited(goBoost)}>
    <BottomPlace href="/inbox" icon="inbox" label="Inbox" at={at} />
    <BottomPlace href="/today" icon="sun" label="Today" at={at} />
    {reader.may("tasks.change") && (
      <a class="bottom-place bottom-add" href="/inbox#add" hx-boost="false" data-adds>
        <Icon name="plus" />
        <span>Add</span>
      </a>
    )}
    <BottomPlace href="/projects" icon="folder" label="Projects" at={at} />
    <BottomPlace href="/account" icon="circle-user" label="Account" at={at} />
  </nav>
);

const BottomPlace = ({ href, icon, label, at }: PlaceProps) => (
  <a class="bottom-place" href={href} aria-current={href === at ? "page" : undefined}>
    <Icon name={icon} />
    <span>{label}</span>
  </a>
);
