import type { ProblemKind } from "@rondo/problem";
import type { Reader } from "../format/reader.ts";
import { Document } from "../shell/document.tsx";
import { Icon } from "../shell/icon.tsx";

export interface ErrorPageProps {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly request_id: string;
  readonly reader: Reader;
  /** The way on: back to the lists, or to where the reader signs in. */
  readonly signIn?: string | undefined;
}

const words: Partial<Record<ProblemKind, readonly [string, string]>> = {
  not_found: ["Not here", "This page does not exist, or what it showed is gone."],
  forbidden: ["Not allowed", "This is not for you to do."],
  too_many: ["Too fast", "Too many requests came from you. Wait a moment and try again."],
  unavailable: ["One moment", "Rondo cannot reach its data right now. Nothing is lost; try again shortly."],
  internal: ["That went wrong", "The fault is on our side, and it is written down. Try again, or go back."],
};

/** A page for every error: what it means, and the way on. A fault of ours tells its number and nothing else. */
export const ErrorPage = ({ kind, detail, request_id, reader, signIn }: ErrorPageProps) => {
  const [title, text] = words[kind] ?? ["That did not work", detail];
  return (
    <Document title={title} reader={reader} layout="card">
      <main id="main" class="sign error-page" tabindex={-1}>
        <p class="brand">
          <Icon name="mark" />
          Rondo
        </p>
        <h1>{title}</h1>
        <p>{text}</p>
        <p class="actions">
          <a class="button primary" href={signIn ?? "/inbox"}>
            {signIn === undefined ? "Go to your Inbox" : "Sign in"}
          </a>
        </p>
        {(kind === "internal" || kind === "unavailable") && <p class="hint">Request {request_id}</p>}
      </main>
    </Document>
  );
};
