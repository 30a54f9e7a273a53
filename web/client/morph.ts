import htmx from "htmx.org";
import { isOk, onHtmx } from "./dom.ts";

/** The form whose answer is being swapped in, and what it sent. */
let source: Element | undefined;
let saved = false;
const sent = new WeakMap<Element, string>();

onHtmx("htmx:before:request", ({ ctx }) => {
  if (ctx.sourceElement instanceof HTMLFormElement) sent.set(ctx.sourceElement, snapshot(ctx.sourceElement));
});
onHtmx("htmx:before:swap", ({ ctx }) => {
  source = ctx.sourceElement;
  saved = isOk(ctx);
});

type TextControl = HTMLInputElement | HTMLTextAreaElement;

const isText = (control: Element): control is TextControl =>
  control instanceof HTMLTextAreaElement ||
  (control instanceof HTMLInputElement && !["hidden", "radio"].includes(control.type));

export function textControls(form: HTMLFormElement): TextControl[] {
  return [...form.elements].filter(isText);
}

/** Whether something was typed into the form that is not saved. */
export function isDirty(form: HTMLFormElement): boolean {
  return textControls(form).some((control) => control.value !== control.defaultValue);
}

function snapshot(form: HTMLFormElement): string {
  return JSON.stringify(textControls(form).map((control) => control.value));
}

/** What a refresh may not take: an open editor, text that is not saved, a choice that is being saved. */
htmx.registerExtension("rondo-keep", {
  htmx_before_morph_node(node: Element, { newNode }: { newNode: Element }): boolean {
    if (node.hasAttribute("data-open") && !(source && node.contains(source))) return false;
    if (!(node instanceof HTMLFormElement) || !(newNode instanceof HTMLFormElement) || !("keeps" in node.dataset))
      return true;
    // A change of its own is on its way: what this answer says of it is older.
    if (node.classList.contains("htmx-request") && node !== source) return false;
    const own = node === source && saved;
    if (!isDirty(node) || (own && sent.get(node) === snapshot(node))) {
      adopt(node, newNode);
      return true;
    }
    if (own) adoptHidden(node, newNode);
    return false;
  },
  htmx_before_morph_attr(element: Element, { attrName }: { attrName: string }): boolean {
    return !(attrName === "open" && element.matches("details, dialog"));
  },
});

/** Morphing changes attributes; what a person has touched shows its property instead. */
function adopt(form: HTMLFormElement, next: HTMLFormElement): void {
  for (const control of form.elements) {
    if (isText(control)) {
      const value = named(next, control.name)?.defaultValue;
      if (value !== undefined && value !== control.value) replaceText(control, value);
    } else if (control instanceof HTMLInputElement && control.type === "radio") {
      const twin = next.querySelector<HTMLInputElement>(`input[type=radio][value="${CSS.escape(control.value)}"]`);
      control.checked = twin?.defaultChecked ?? false;
    } else if (control instanceof HTMLSelectElement) {
      const chosen = next.querySelector<HTMLOptionElement>("option[selected]");
      if (chosen) control.value = chosen.value;
    }
  }
}

/** More was typed while the form was on its way: the text stays, on top of the version that was just made. */
function adoptHidden(form: HTMLFormElement, next: HTMLFormElement): void {
  for (const control of form.querySelectorAll<HTMLInputElement>("input[type=hidden]")) {
    const twin = next.querySelector<HTMLInputElement>(`input[type=hidden][name="${CSS.escape(control.name)}"]`);
    if (twin) control.value = twin.value;
  }
}

function named(form: HTMLFormElement, name: string): TextControl | undefined {
  return textControls(form).find((control) => control.name === name);
}

/** The caret stays where it was. */
function replaceText(control: TextControl, value: string): void {
  const caret =
    document.activeElement === control && control instanceof HTMLTextAreaElement ? control.selectionStart : null;
  control.value = value;
  if (caret !== null) control.setSelectionRange(Math.min(caret, value.length), Math.min(caret, value.length));
}
