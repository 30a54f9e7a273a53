import { type ProblemKind, problemKinds } from "@rondo/problem";
import type { Reader } from "../format/reader.ts";
import { Document } from "../shell/document.tsx";
import { Icon } from "../shell/icon.tsx";
import { problemWords } from "./problem_words.ts";

/** Where the `type` of a problem document leads: what that kind means, and what to do. */
export const ProblemPage = ({ kind, reader }: { readonly kind: ProblemKind; readonly reader: Reader }) => {
  const { status, title } = problemKinds[kind];
  const { means, toDo } = problemWords[kind];
  return (
    <Document title={title} reader={reader} layout="card">
      <main id="main" class="sign problem" tabindex={-1}>
        <p class="brand">
          <Icon name="mark" />
          Rondo
        </p>
        <h1>{title}</h1>
        <p class="hint">
          <code>{kind}</code>, status {status}
        </p>
        <p>
          <Words text={means} />
        </p>
        <h2>What to do</h2>
        <p>
          <Words text={toDo} />
        </p>
        <p class="hint">
          <a href="/api/docs">All of the interface</a>
        </p>
      </main>
    </Document>
  );
};

const Words = ({ text }: { readonly text: string }) => (
  <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
);
