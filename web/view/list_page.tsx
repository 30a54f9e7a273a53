import type { Child } from "hono/jsx";
import type { Reader } from "../format/reader.ts";
import { Page } from "../shell/page.tsx";
import type { Said } from "../shell/toast.tsx";
import { Add } from "./add.tsx";
import { Head, titleOf } from "./head.tsx";
import { List } from "./list.tsx";
import type { Frame, ListData } from "./load.ts";
import { viewPath } from "./view.ts";

export interface ListPageProps {
  readonly list: ListData;
  readonly frame: Frame;
  readonly reader: Reader;
  readonly said?: Said | undefined;
  /** The panel beside the list, empty or with a task. */
  readonly panel: Child;
  /** A title that could not be added. */
  readonly refused?: { readonly title: string; readonly error: string } | undefined;
}

export const ListPage = ({ list, frame, reader, said, panel, refused }: ListPageProps) => (
  <Page title={titleOf(list)} reader={reader} frame={frame} at={viewPath(list.view)} said={said} panel={panel}>
    <Head list={list} reader={reader} />
    {list.project?.archived_at && <p class="banner">Archived</p>}
    {reader.may("tasks.change") && list.view.kind !== "bin" && !list.project?.archived_at && (
      <Add project_id={list.project?.id} due_today={list.view.kind === "today"} {...refused} />
    )}
    <List list={list} projects={frame.projects} reader={reader} />
  </Page>
);
