/** A text as PostgreSQL takes it: without U+0000 and without halves of surrogate pairs, which a cut may leave. */
export function storable(text: string): string {
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}
