import { isOk, onClick, onHtmx } from "./dom.ts";
import { isDirty, textControls } from "./morph.ts";

/**
 * What was typed and not saved outlives the page in this tab: a lost connection, the Back button, a crash. It comes back into its form with
 * the version on which it was typed, so that a change made meanwhile is met as a conflict and not overwritten.
 */
const prefix = "rondo:draft:";

interface Draft {
  readonly texts: Readonly<Record<string, string>>;
  readonly hidden: Readonly<Record<string, string>>;
}

document.addEventListener("input", ({ target }) => {
  const form = target instanceof Element ? target.closest<HTMLFormElement>("form[data-keeps]") : null;
  if (form) keep(form);
});

/** What is saved is no draft any more; what was typed since then is one. */
onHtmx("htmx:after:request", ({ ctx }) => {
  if (ctx.sourceElement instanceof HTMLFormElement && isOk(ctx)) drop(ctx.sourceElement);
});
onHtmx("htmx:finally:request", ({ ctx }) => {
  const form = ctx.sourceElement;
  if (form instanceof HTMLFormElement && "keeps" in form.dataset && form.isConnected) keep(form);
});
onClick("[data-cancels]", (link) => {
  const form = link.closest("form");
  if (form) drop(form);
});

onHtmx("htmx:after:swap", restoreAll);
if (document.body.classList.contains("card")) forgetAll();
// Not before htmx has seen the page: a link that it knows stays in it.
else setTimeout(restoreAll);

function keep(form: HTMLFormElement): void {
  if (!isDirty(form)) {
    drop(form);
    return;
  }
  const texts = Object.fromEntries(textControls(form).map((control) => [control.name, control.value]));
  const hidden = Object.fromEntries(hiddenOf(form).map((control) => [control.name, control.value]));
  const draft: Draft = { texts, hidden };
  sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
}

function restoreAll(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keeps]")) {
    const kept = sessionStorage.getItem(keyOf(form));
    if (kept !== null && !isDirty(form)) restore(form, JSON.parse(kept));
  }
  const closed = document.querySelector<HTMLElement>("[data-edits-notes]");
  if (closed?.dataset.editsNotes && sessionStorage.getItem(prefix + closed.dataset.editsNotes) !== null) closed.click();
}

function restore(form: HTMLFormElement, { texts, hidden }: Draft): void {
  for (const control of textControls(form)) control.value = texts[control.name] ?? control.value;
  if (!isDirty(form)) {
    drop(form);
    return;
  }
  for (const control of hiddenOf(form)) control.value = hidden[control.name] ?? control.value;
  const place = form.querySelector(".error");
  if (place?.textContent === "") place.textContent = "Not saved yet.";
}

function hiddenOf(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")];
}

function drop(form: HTMLFormElement): void {
  sessionStorage.removeItem(keyOf(form));
}

/** One form can stand for several things in turn: then it says for which. */
function keyOf(form: HTMLFormElement): string {
  return prefix + (form.dataset.keeps || form.id);
}

/** Whoever signs in next in this tab finds nothing of the one before. */
function forgetAll(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}
