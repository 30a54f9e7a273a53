import { markdownTable } from "./help.ts";
import type { Spec } from "./load.ts";

const start = "<!-- configuration -->\n";
const end = "<!-- /configuration -->";

/**
 * For a test: the table between `<!-- configuration -->` and `<!-- /configuration -->` in a document is the one of the spec.
 * A stale table is written anew, to be looked at and committed, and the test fails all the same.
 * @throws Error when the marks are missing or the table was stale.
 */
export async function expectTableCurrent(document: URL, spec: Spec): Promise<void> {
  const before = await Bun.file(document).text();
  const from = before.indexOf(start);
  const to = before.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${document.pathname} lacks the lines ${start.trim()} and ${end}`);
  const after = `${before.slice(0, from)}${start}\n${markdownTable(spec)}\n${before.slice(to)}`;
  if (after === before) return;
  await Bun.write(document, after);
  throw new Error(
    `the configuration table of ${document.pathname} was stale; it has been written anew: look at it and commit it`,
  );
}
