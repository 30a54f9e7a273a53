import type { AnyEvent } from "./envelope.ts";

const texts = new WeakMap<AnyEvent, string>();

/** An event's JSON, made once: the outbox and the engine take the same text. */
export function eventJson(event: AnyEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(event);
  texts.set(event, text);
  return text;
}
