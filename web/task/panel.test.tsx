import { expect, test } from "bun:test";
import type { AuditEntry } from "@rondo/contract";
import { aProject, aTask } from "@rondo/testing";
import { actsOf, aReader, elementsOf, hostileTexts } from "../testing.ts";
import { List } from "../view/list.tsx";
import { parseHere } from "../view/view.ts";
import { Conflict } from "./conflict.tsx";
import { HistoryList } from "./history.tsx";
import { Panel } from "./panel.tsx";

const here = parseHere(new URL("http://localhost/inbox"));

/** The attributes of htmx in the HTML, with their values. */
async function hxOf(html: string): Promise<string[]> {
  const all = (await elementsOf(html)).flatMap(({ attributes }) => Object.entries(attributes));
  return all.filter(([name]) => name.startsWith("hx-")).map(([name, value]) => `${name}=${value}`);
}

function render(text: string): string {
  const project = { ...aProject(), name: text };
  const task = { ...aTask(), title: text, notes: text, project_id: project.id };
  const projects = [project];
  const shown = { projects, here: { ...here, task_id: task.id }, reader: aReader };
  const list = {
    here,
    view: { kind: "today" } as const,
    project: undefined,
    groups: [{ key: "open", tasks: [task] } as const],
    more: undefined,
  };
  const entry: AuditEntry = {
    id: task.id,
    event_id: task.id,
    type: "task.updated.v1",
    time: "2026-11-25T08:00:00.000Z",
    actor_id: text,
    actor_type: "user",
    task_id: task.id,
    project_id: project.id,
    changes: { title: [text, text], notes: [text, text] },
  };
  return String(
    <>
      <Panel task={task} {...shown} />
      <Panel
        task={task}
        {...shown}
        here={{ ...here, editing: true }}
        refused={{ field: "title", typed: { title: text }, error: text }}
      />
      <List list={list} projects={projects} reader={aReader} />
      <Conflict
        task={task}
        field="title"
        typed={{ title: text }}
        projects={projects}
        reader={aReader}
        href="/inbox"
        boost="false"
      />
      <Conflict
        task={task}
        field="notes"
        typed={{ notes: text }}
        projects={projects}
        reader={aReader}
        href="/inbox"
        boost="false"
      />
      <HistoryList entries={[entry]} projects={projects} reader={aReader} me="me" />
    </>,
  );
}

test("a text in any field does nothing, and brings no attribute of htmx with it", async () => {
  const usual = await hxOf(render("Buy milk"));
  for (const text of hostileTexts) {
    const html = render(text);
    expect(await actsOf(html)).toEqual([]);
    expect(ignoringIds(await hxOf(html))).toEqual(ignoringIds(usual));
    expect(html).not.toContain("<hx-partial");
  }
});

/** Each rendering has its own ids. */
function ignoringIds(attributes: readonly string[]): string[] {
  return attributes.map((text) => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "id"));
}

test("what was typed is in the field as it was typed", async () => {
  const html = render("\n a <b> & \"c\" 'd'");
  expect(html).toContain("&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
});

test("every form of the panel carries the version, and what its field was", async () => {
  const task = { ...aTask(), version: 7 };
  const html = String(<Panel task={task} projects={[]} here={here} reader={aReader} />);
  const hidden = (await elementsOf(html)).filter(({ attributes }) => attributes.type === "hidden");
  const named = (name: string) => hidden.filter(({ attributes }) => attributes.name === name);
  expect(named("version").map(({ attributes }) => attributes.value)).toEqual(["7", "7", "7", "7"]);
  expect(named("was")).toHaveLength(4);
});

test("notes are never a place for htmx", async () => {
  const html = String(
    <Panel task={{ ...aTask(), notes: "[a](/account)" }} projects={[]} here={here} reader={aReader} />,
  );
  const prose = (await elementsOf(html)).find(({ attributes }) => attributes.class === "prose");
  expect(prose?.attributes).toHaveProperty("hx-ignore");
});

test("a row names its due date for people and for machines, and its priority not by colour alone", async () => {
  const task = { ...aTask(), priority: "high", due_date: "2026-11-22", due_at: "2026-11-22T23:59:59.999Z" } as const;
  const list = {
    here,
    view: { kind: "inbox" } as const,
    project: aProject(),
    groups: [{ key: "open", tasks: [task] } as const],
    more: undefined,
  };
  const html = String(<List list={list} projects={[]} reader={aReader} />);
  expect(html).toContain('datetime="2026-11-22"');
  expect(html).toContain("3 days late");
  expect(html).toContain("#ring-high");
  expect(html).toContain("High priority.");
});
