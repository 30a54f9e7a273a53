import htmx from "htmx.org";
import { byId, isTyping } from "./dom.ts";
import { focusField, focusInPanel, rows, titleOf } from "./focus.ts";
import { undoLast } from "./toast.ts";

const priorities: Readonly<Record<string, string>> = { 1: "urgent", 2: "high", 3: "medium", 4: "low" };
const places: Readonly<Record<string, string>> = { i: "/inbox", t: "/today" };

/** After `g`, for a moment, the next key names a place. */
let going = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return goBack(event);
  if (document.body.dataset.keys !== "on" || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (act(event)) event.preventDefault();
});

/** Whether the key meant something here. */
function act({ key, target, timeStamp }: KeyboardEvent): boolean {
  const place = places[key];
  if (timeStamp - going < 1_500 && place) return follow(place);
  going = key === "g" ? timeStamp : 0;
  const priority = priorities[key];
  if (priority) return setPriority(priority);
  switch (key) {
    case "q":
      return add();
    case "j":
      return step(1);
    case "k":
      return step(-1);
    case "e":
      return open(".title-input");
    case "d":
      return open("input[type=date]");
    case " ":
      return (
        !(target instanceof HTMLElement && target.matches("button, summary, input, a:not(.row-title)")) &&
        press(".check")
      );
    case "#":
      return press(".row-delete, [data-deletes]");
    case "z":
      return undoLast();
    case "?":
      byId<HTMLDialogElement>("keys")?.showModal();
      return true;
    default:
      return false;
  }
}

/** The task that keys are about: the row that is focused, else the one that is open. */
function current(): HTMLElement | undefined {
  const focused = document.activeElement?.closest<HTMLElement>(".row, .task");
  return focused ?? document.querySelector<HTMLElement>("#panel .task") ?? undefined;
}

function step(by: 1 | -1): boolean {
  const all = rows();
  const id = current()?.dataset.id;
  const at = all.findIndex((one) => one.dataset.id === id);
  const next = at === -1 ? (by === 1 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  titleOf(all[next])?.focus();
  return all.length > 0;
}

function press(selector: string): boolean {
  const button = current()?.querySelector<HTMLElement>(selector);
  button?.click();
  return button !== undefined && button !== null;
}

/** Opens the task and goes to a field of it; if it is open, just goes there. */
function open(selector: string): boolean {
  const task = current();
  if (!task) return false;
  const shown = document.querySelector<HTMLElement>("#panel .task");
  if (shown?.dataset.id === task.dataset.id) return focusField(selector);
  focusInPanel(selector);
  titleOf(task)?.click();
  return true;
}

/** The key of the priority that a task has takes it away. */
function setPriority(wanted: string): boolean {
  const task = current();
  const id = task?.dataset.id;
  if (!task || id === undefined) return false;
  // Who may only look has no circle to press.
  if (!task.querySelector("button.check")) return false;
  const now = task.dataset.priority ?? task.querySelector<HTMLElement>(".check")?.dataset.priority;
  const values = { field: "priority", priority: now === wanted ? "none" : wanted };
  void htmx.ajax("POST", `/tasks/${id}`, { source: task, target: "#toasts", swap: "none", values });
  return true;
}

function add(): boolean {
  const field = byId("add-title");
  if (!field && !document.querySelector("[data-adds]")) return false;
  if (field?.checkVisibility()) field.focus();
  else location.assign("/inbox#add");
  return true;
}

function follow(path: string): boolean {
  going = 0;
  document.querySelector<HTMLElement>(`#nav a[href="${path}"]:not(.brand)`)?.click();
  return true;
}

/** Out of a field, then out of the task. */
function goBack(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  const { target } = event;
  if (isTyping(target) && target instanceof HTMLElement) {
    target.blur();
    target.closest<HTMLElement>(".task")?.focus({ preventScroll: true });
  } else document.querySelector<HTMLElement>("[data-closes-panel]")?.click();
  event.preventDefault();
}
