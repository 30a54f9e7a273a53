import { byId, onClick, onHtmx } from "./dom.ts";

/** Where the focus was, and where it should go once what is asked for is there. */
let row = -1;
let openedFrom: string | undefined;
let wanted: string | undefined;

export const rows = () => [...document.querySelectorAll<HTMLElement>(".row")];
export const titleOf = (of: HTMLElement | undefined) => of?.querySelector<HTMLElement>(".row-title");

/** Focuses this place of the task that is about to open (`.title-input`, for one) instead of the task as a whole. */
export function focusInPanel(selector: string): void {
  wanted = selector;
}

export function focusField(selector: string): boolean {
  const field = document.querySelector<HTMLElement>(`#panel ${selector}`);
  field?.focus();
  if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length);
  return field !== null;
}

onClick(".row-title", (title) => {
  openedFrom = title.closest(".row")?.id;
});

onHtmx("htmx:before:swap", () => {
  const held = document.activeElement?.closest<HTMLElement>(".row");
  if (held) row = rows().indexOf(held);
});

onHtmx("htmx:after:swap", ({ ctx }) => {
  const { target, sourceElement } = ctx;
  if (target instanceof HTMLBodyElement) return focusPage();
  if (target.id === "panel" && sourceElement.id !== "panel") return byId("panel")?.hidden ? focusRow() : focusTask();
  markOpen();
  if (document.activeElement === document.body && row >= 0) {
    (titleOf(rows()[row]) ?? titleOf(rows().at(-1)) ?? byId("heading"))?.focus({ preventScroll: true });
    row = -1;
  }
});

/** Back leads to the list: the reader is again on the task that they came from. */
function focusPage(): void {
  const from = openedFrom === undefined ? null : byId(openedFrom);
  if (from && byId("panel")?.hidden) titleOf(from)?.focus({ preventScroll: true });
  else if (byId("panel")?.hidden === false) focusTask();
  else byId("heading")?.focus({ preventScroll: true });
}

function focusTask(): void {
  markOpen();
  const place = wanted;
  wanted = undefined;
  if (place === undefined || !focusField(place))
    document.querySelector<HTMLElement>("#panel .task")?.focus({ preventScroll: true });
}

function focusRow(): void {
  markOpen();
  const from = openedFrom === undefined ? null : byId(openedFrom);
  (titleOf(from ?? undefined) ?? byId("heading"))?.focus({ preventScroll: true });
}

/** The row whose task is open beside the list is the current one. */
function markOpen(): void {
  const open = document.querySelector<HTMLElement>(".main-beside > #panel .task")?.dataset.id;
  for (const one of rows()) {
    if (one.dataset.id === open) titleOf(one)?.setAttribute("aria-current", "true");
    else titleOf(one)?.removeAttribute("aria-current");
  }
}

markOpen();
