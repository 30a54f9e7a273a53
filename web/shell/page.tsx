import type { Child } from "hono/jsx";
import type { Reader } from "../format/reader.ts";
import type { Frame } from "../view/load.ts";
import { Document } from "./document.tsx";
import { KeysDialog } from "./keys.tsx";
import { BottomBar, SideBar } from "./nav.tsx";
import { type Said, Toasts } from "./toast.tsx";

export interface PageProps {
  readonly title: string;
  readonly reader: Reader;
  readonly frame: Frame;
  /** The path that is shown, for the mark in the side bar. */
  readonly at: string;
  readonly said?: Said | undefined;
  /** What is open beside the content, or has its place there. */
  readonly panel?: Child;
  readonly children: Child;
}

/** A page of someone who is signed in: side bar, content, and what is beside them. */
export const Page = ({ title, reader, frame, at, said, panel, children }: PageProps) => (
  <Document title={title} reader={reader} layout="app">
    <p id="line" class="line" role="status" />
    <SideBar frame={frame} at={at} reader={reader} />
    <main id="main" class={panel === undefined ? "main" : "main main-beside"} tabindex={-1}>
      <div class="column">{children}</div>
      {panel}
    </main>
    <BottomBar at={at} reader={reader} />
    <Toasts said={said} />
    <KeysDialog reader={reader} />
  </Document>
);
