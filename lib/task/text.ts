import { type } from "arktype";

/** Bounds in UTF-16 code units, before trimming. */
export const titleMaxLength = 500;
export const notesMaxLength = 50_000;
export const nameMaxLength = 100;

/**
 * Controls (Unicode category Cc) except tab, line feed and carriage return, and the marks that change the reading order of
 * what surrounds them (U+202A–202E, U+2066–2069, Unicode UAX #9), so that a text with them can lie.
 */
const forbidden = /[^\P{Cc}\t\n\r]|[\u202A-\u202E\u2066-\u2069]/u;
const lineBreak = /[\t\n\r\u2028\u2029]/;
const loneReturn = /\r(?!\n)/;
/** Something to see: neither white space nor a format character such as U+200B. */
const visible = /[^\s\p{Cf}]/u;

/** Whether the text is well-formed Unicode (no lone surrogate) without control characters and reordering marks. */
export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !forbidden.test(text) && !loneReturn.test(text);
}

/** A clean text on one line with something to see in it. */
export function isCleanLine(text: string): boolean {
  return isCleanText(text) && !lineBreak.test(text) && visible.test(text);
}

/** Trimmed and in Unicode normalization form C. */
export function normalizeLine(text: string): string {
  return text.trim().normalize("NFC");
}

/** In Unicode normalization form C, with line feeds as line ends (forms send CR LF). */
export function normalizeText(text: string): string {
  return text.replaceAll("\r\n", "\n").normalize("NFC");
}

const lineRule = "one line of visible text without control characters, lone surrogates or reordering marks";
const textRule = "text without control characters, lone surrogates or reordering marks";

/** Normalization may lengthen a text (U+FB2C becomes three characters), so the bound holds after it too. */
function fits(text: string, limit: number): boolean {
  return text.normalize("NFC").length <= limit;
}

export const titleSchema = type("1 <= string <= 500")
  .narrow(
    (text, ctx) => (isCleanLine(text) && fits(text, titleMaxLength)) || ctx.reject({ expected: lineRule, actual: "" }),
  )
  .pipe(normalizeLine);

export const notesSchema = type("string <= 50000")
  .narrow(
    (text, ctx) => (isCleanText(text) && fits(text, notesMaxLength)) || ctx.reject({ expected: textRule, actual: "" }),
  )
  .pipe(normalizeText);

export const nameSchema = type("1 <= string <= 100")
  .narrow(
    (text, ctx) => (isCleanLine(text) && fits(text, nameMaxLength)) || ctx.reject({ expected: lineRule, actual: "" }),
  )
  .pipe(normalizeLine);
