import { byId, isOk, onClick, onHtmx } from "./dom.ts";

/** Texts on their way, by the request that carries them. */
const underway = new WeakMap<object, string>();

const input = () => byId<HTMLInputElement>("add-title");

/** The form is empty for the next task as soon as this one is sent. */
onHtmx("htmx:before:request", ({ ctx }) => {
  const field = input();
  if (ctx.sourceElement.id !== "add" || !field) return;
  const text = new URLSearchParams(String(ctx.request.body)).get("title") ?? "";
  underway.set(ctx, text);
  if (field.value === text) field.value = "";
  const key = ctx.sourceElement.querySelector<HTMLInputElement>("[data-key]");
  if (key) key.value = `add-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
});

/** A text that could not be added comes back; if the next is being typed already, it is shown beneath. */
onHtmx("htmx:finally:request", ({ ctx }) => {
  const text = underway.get(ctx);
  const field = input();
  if (text === undefined || !field) return;
  const place = byId("add-error");
  if (isOk(ctx)) {
    if (place) place.textContent = "";
    field.removeAttribute("aria-invalid");
    return;
  }
  if (field.value === "") field.value = text;
  const why = ctx.response ? (place?.textContent ?? "") : "Not added: there is no connection.";
  if (place) place.textContent = field.value === text ? why : `“${text}” was not added. ${why}`;
});

onClick("[data-adds]", (_, event) => {
  const field = input();
  if (!field?.checkVisibility()) return;
  event.preventDefault();
  field.focus();
});

if (location.hash === "#add") {
  history.replaceState(history.state, "", location.pathname + location.search);
  input()?.focus();
}
