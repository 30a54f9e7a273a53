import htmx from "htmx.org";
import { byId, onClick, onHtmx } from "./dom.ts";

const stays = 8_000;
const looksAgain = 2_000;
/** The reader's last operation: `z` takes it back even when its line is gone. */
let last: string | undefined;

onHtmx("htmx:after:swap", noticeAll);
onClick("[data-closes]", (button) => button.closest(".toast")?.remove());
noticeAll();

function noticeAll(): void {
  last =
    document.querySelector<HTMLElement>(
      "#toasts [data-operation]:not([data-seen]), #said [data-operation]:not([data-seen])",
    )?.dataset.operation ?? last;
  for (const said of document.querySelectorAll<HTMLElement>("[data-operation]")) said.dataset.seen = "";
  for (const toast of document.querySelectorAll<HTMLElement>("[data-toast]:not([data-timed], [data-failed])")) {
    toast.dataset.timed = "";
    setTimeout(leave, stays, toast);
  }
}

/** Not from under the pointer or the focus. */
function leave(toast: HTMLElement): void {
  if (toast.matches(":hover, :focus-within")) setTimeout(leave, looksAgain, toast);
  else toast.remove();
}

export function undoLast(): boolean {
  if (last === undefined) return false;
  const values = { operation_id: last };
  last = undefined;
  void htmx.ajax("POST", "/undo", { source: byId("toasts") ?? document.body, target: "#toasts", swap: "none", values });
  return true;
}
