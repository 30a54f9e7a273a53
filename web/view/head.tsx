import type { Reader } from "../format/reader.ts";
import { ProjectMenu } from "../project/menu.tsx";
import type { ListData } from "./load.ts";

export function titleOf(list: ListData): string {
  if (list.view.kind === "project" && list.project) return list.project.name;
  return { inbox: "Inbox", today: "Today", bin: "Bin", project: "Project" }[list.view.kind];
}

/** The name of the list, and for a project what can be done with it. */
export const Head = ({ list, reader }: { list: ListData; reader: Reader }) => (
  <header id="head" class="head">
    {list.view.kind === "project" && list.project && <span class="dot" data-color={list.project.color} />}
    <h1 id="heading" tabindex={-1}>
      {titleOf(list)}
    </h1>
    {list.view.kind === "project" && list.project && reader.may("projects.change") && (
      <ProjectMenu project={list.project} />
    )}
  </header>
);
