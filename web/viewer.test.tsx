/** Who may only look sees everything, and no control that would be refused. */
import { expect, test } from "bun:test";
import { aProject, aTask } from "@rondo/testing";
import { ProjectsPage } from "./project/projects_page.tsx";
import { Panel } from "./task/panel.tsx";
import { aReader, aViewer, elementsOf } from "./testing.ts";
import { ListPage } from "./view/list_page.tsx";
import { parseHere, type View } from "./view/view.ts";

const project = { ...aProject(), name: "House" };
const archived = { ...aProject(), name: "Boat", archived_at: "2026-11-01T00:00:00.000Z" };
const open = {
  ...aTask(),
  title: "Buy milk",
  notes: "the blue one",
  project_id: project.id,
  priority: "high",
} as const;
const done = { ...aTask(), title: "Buy bread", completed_at: "2026-11-25T08:00:00.000Z" };
const deleted = { ...aTask(), title: "Buy eggs", deleted_at: "2026-11-25T08:00:00.000Z" };
const frame = { projects: [project], inbox_count: 1, today_count: 0 };

const views: readonly View[] = [
  { kind: "inbox" },
  { kind: "today" },
  { kind: "bin" },
  { kind: "project", id: project.id },
];

/** Every list, empty and full, each with a task open beside it and being edited; the projects. */
function pages(reader: typeof aReader): string {
  const here = parseHere(new URL(`http://localhost/inbox?task=${open.id}&edit=notes`));
  const lists = views.flatMap((view) =>
    [[], [open, done, deleted]].flatMap((tasks) =>
      [open, done, deleted].map((task) => (
        <ListPage
          list={{ here, view, project, groups: [{ key: "open", tasks }], more: undefined }}
          frame={frame}
          reader={reader}
          panel={
            <Panel
              task={task}
              projects={[project]}
              here={{ ...here, task_id: task.id, editing: true }}
              reader={reader}
            />
          }
        />
      )),
    ),
  );
  const projects = <ProjectsPage frame={frame} archived={[archived]} reader={reader} />;
  return [...lists, projects].map(String).join("");
}

/** What sends a change: forms, buttons that name where to, and links to a form. */
async function controlsOf(html: string): Promise<string[]> {
  const found = await elementsOf(html);
  return found.flatMap(({ name, attributes: { method, formaction, href = "", type, ...rest } }) => {
    const sends =
      method === "post" ||
      formaction !== undefined ||
      (name === "button" && type === "submit" && !("aria-label" in rest));
    const leads = href.endsWith("#add") || href.endsWith("#new") || "data-edits-notes" in rest || "data-adds" in rest;
    const typed = ["textarea", "select"].includes(name) || (name === "input" && type !== "hidden");
    return sends || leads || typed ? [`${name} ${formaction ?? href} ${rest["aria-label"] ?? rest.id ?? ""}`] : [];
  });
}

test("a viewer's pages have no control that would be refused, a member's do", async () => {
  expect(await controlsOf(pages(aViewer))).toEqual([]);
  expect((await controlsOf(pages(aReader))).length).toBeGreaterThan(100);
});

test("a viewer reads all there is of a task", () => {
  const html = pages(aViewer);
  for (const text of [
    "Buy milk",
    "Buy bread",
    "Buy eggs",
    "the blue one",
    "High priority",
    "House",
    "Boat",
    "In the bin",
  ]) {
    expect(html).toContain(text);
  }
});

test("a viewer is told of no key that changes something", () => {
  expect(pages(aViewer)).not.toContain("Add a task");
  expect(pages(aViewer)).toContain("Open the task");
});
