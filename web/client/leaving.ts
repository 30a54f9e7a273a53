import type { SwapTask } from "./dom.ts";
import type { Signal } from "./stream.ts";

/** Why a row went, as far as its signal says. */
const reasons: Readonly<Record<string, string>> = {
  "task.completed.v1": "Completed elsewhere",
  "task.deleted.v1": "Deleted elsewhere",
  "task.moved.v1": "Moved to another project",
};

const heard = new Map<string, string>();
const remembered = 200;

export function noteSignal({ id, type }: Signal): void {
  heard.delete(id);
  heard.set(id, type);
  const [oldest] = heard.keys();
  if (heard.size > remembered && oldest !== undefined) heard.delete(oldest);
}

/** A row that leaves the list while the reader is on it stays until they go on, and says why. */
export function keepReadersRow(tasks: readonly SwapTask[]): void {
  const row = document.activeElement?.closest<HTMLElement>(".row");
  const next = tasks.find(({ fragment }) => fragment.querySelector("#list"))?.fragment;
  if (!row || !next || next.querySelector(`#${CSS.escape(row.id)}`)) return;
  const before = row.previousElementSibling && next.querySelector(`#${CSS.escape(row.previousElementSibling.id)}`);
  const kept = row.cloneNode(true) as HTMLElement;
  if (!("leaving" in row.dataset))
    mark(kept, reasons[heard.get(row.dataset.id ?? "") ?? ""] ?? "No longer in this list");
  if (before) before.after(kept);
  else next.querySelector("#list ul")?.prepend(kept);
}

function mark(row: HTMLElement, reason: string): void {
  row.dataset.leaving = "";
  const note = document.createElement("p");
  note.className = "leaving-note";
  note.role = "status";
  note.textContent = reason;
  row.querySelector(".row-text")?.append(note);
}

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const row = target instanceof Element ? target.closest(".row[data-leaving]") : null;
  if (row && !(relatedTarget instanceof Node && row.contains(relatedTarget))) row.remove();
});
