import htmx from "htmx.org";
import { byId, isOk, onClick, onHtmx } from "./dom.ts";
import { textControls } from "./morph.ts";

/** A field of one line: Enter saves (by leaving it, which is a change), Esc puts it back. */
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement) || event.isComposing) return;
  const line = "line" in field.dataset;
  if (event.key === "Enter" && (line || event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (line) leave(field);
    else field.form?.requestSubmit();
  } else if (event.key === "Escape" && line) {
    event.preventDefault();
    field.value = field.defaultValue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    leave(field);
  }
});

function leave(field: HTMLElement): void {
  const task = field.closest<HTMLElement>(".task");
  field.blur();
  task?.focus({ preventScroll: true });
}

/** What is pasted into one line has no line breaks. */
document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLTextAreaElement && "line" in target.dataset && /[\r\n]/.test(target.value)) {
    target.value = target.value.replaceAll(/[\r\n]+/g, " ");
  }
  if (target instanceof HTMLElement && target.getAttribute("aria-invalid") === "true") {
    target.removeAttribute("aria-invalid");
    sayAtField(target.closest("form"), "");
  }
});

/** The row shows at once what was asked of it; should it fail, the row is as it was and the answer says why. */
const busyRowOf = (submitter: unknown) =>
  submitter instanceof Element ? submitter.closest<HTMLElement>(".row, .task-head") : null;
onHtmx("htmx:before:request", ({ ctx }) => {
  const { submitter } = ctx.request;
  if (submitter instanceof Element && submitter.matches(".check")) busyRowOf(submitter)?.setAttribute("data-busy", "");
});
onHtmx("htmx:finally:request", ({ ctx }) => busyRowOf(ctx.request.submitter)?.removeAttribute("data-busy"));

onHtmx("htmx:after:request", ({ ctx }) => {
  if (isOk(ctx) && ctx.sourceElement instanceof HTMLFormElement) sayAtField(ctx.sourceElement, "");
});
onHtmx("htmx:response:error", ({ ctx }) => {
  const form = ctx.sourceElement;
  if (!(form instanceof HTMLFormElement) || ctx.response?.status !== 422) return;
  textControls(form)[0]?.setAttribute("aria-invalid", "true");
});
onHtmx("htmx:error", ({ ctx }) => {
  const form = ctx.sourceElement;
  const text = "Not saved: there is no connection. What you typed stays here.";
  if (form instanceof HTMLFormElement && "keeps" in form.dataset) sayAtField(form, text);
  else if (ctx.request.method !== "GET") sayFailed("There is no connection. Nothing was changed.");
});

function sayAtField(form: Element | null, text: string): void {
  const place = form?.querySelector(".error");
  if (place && place.textContent !== text) place.textContent = text;
}

function sayFailed(text: string): void {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.textContent = text;
  byId("toasts")?.replaceChildren(toast);
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target instanceof HTMLDetailsElement && target.open && target.matches(".history"))
      htmx.trigger(target, "history", {}, false);
  },
  true,
);

onClick<HTMLElement>("[data-opens]", ({ dataset }) => byId<HTMLDialogElement>(dataset.opens ?? "")?.showModal());
document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLInputElement && "selects" in target.dataset) target.select();
});
