/** Only a path of our own: `//elsewhere` and `/\elsewhere` are not. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : "/inbox";
}
