import type { HtmxRequestCtx } from "htmx.org";

/** What a swap is about to put where, as far as it is looked at here. */
export interface SwapTask {
  readonly target: Element | string | null;
  readonly fragment: DocumentFragment;
}

type HtmxEvent =
  | "htmx:before:request"
  | "htmx:after:request"
  | "htmx:finally:request"
  | "htmx:response:error"
  | "htmx:error"
  | "htmx:before:swap"
  | "htmx:after:swap";

interface Detail {
  readonly ctx: HtmxRequestCtx;
  /** What is taken out of it is not swapped. */
  readonly tasks: SwapTask[];
}

/** Listens to htmx on the whole document, which outlives every swap. */
export function onHtmx(name: HtmxEvent, listener: (detail: Detail, event: Event) => void): void {
  document.addEventListener(name, (event) => {
    const { detail } = event as CustomEvent<Partial<Detail>>;
    if (detail.ctx) listener({ ctx: detail.ctx, tasks: detail.tasks ?? [] }, event);
  });
}

/** Listens to a click on whatever matches, now or later. */
export function onClick<E extends HTMLElement>(
  selector: string,
  listener: (element: E, event: MouseEvent) => void,
): void {
  document.addEventListener("click", (event) => {
    const found = event.target instanceof Element ? event.target.closest<E>(selector) : null;
    if (found) listener(found, event);
  });
}

export function byId<E extends HTMLElement = HTMLElement>(id: string): E | null {
  return document.getElementById(id) as E | null;
}

export function isOk(ctx: HtmxRequestCtx): boolean {
  return ctx.response !== undefined && ctx.response.status < 400;
}

/** Whether keys pressed there are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "submit"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
