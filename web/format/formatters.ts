import { LRUCache } from "lru-cache";
import type { Reader } from "./reader.ts";

/**
 * A formatter costs 0.05 ms to make and some kilobytes to keep. Locale and zone come from a header and a cookie that anybody can
 * send (676 kinds of English times 600 zones), so only the most recently used are kept.
 */
export const mostFormatters = 500;

const formatters = new LRUCache<string, Intl.DateTimeFormat>({ max: mostFormatters });

/** The formatter for this reader's habits; made once while it is in use. */
export function formatterFor(
  { locale }: Pick<Reader, "locale">,
  options: Intl.DateTimeFormatOptions,
  zone: string,
): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formatters.set(key, made);
  return made;
}

/** How many are kept at the moment. */
export function keptFormatters(): number {
  return formatters.size;
}
