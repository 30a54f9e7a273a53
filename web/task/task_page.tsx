import type { Task } from "@rondo/task";
import type { Reader } from "../format/reader.ts";
import { Page } from "../shell/page.tsx";
import type { Said } from "../shell/toast.tsx";
import type { Frame } from "../view/load.ts";
import type { Here } from "../view/view.ts";
import type { Field } from "./fields.ts";
import { Panel } from "./panel.tsx";

export interface TaskPageProps {
  readonly task: Task;
  readonly frame: Frame;
  readonly here: Here;
  readonly reader: Reader;
  readonly said?: Said | undefined;
  readonly refused?: Refused | undefined;
}

/** An edit that was not made: what was typed, and why not. */
export interface Refused {
  readonly field: Field;
  readonly typed: Readonly<Record<string, string>>;
  readonly error: string;
}

/** A task that was linked to has the page to itself. */
export const TaskPage = ({ task, frame, here, reader, said, refused }: TaskPageProps) => (
  <Page title={task.title} reader={reader} frame={frame} at="" said={said}>
    <h1 class="only-read">{task.title}</h1>
    <Panel task={task} projects={frame.projects} here={here} reader={reader} refused={refused} />
  </Page>
);
