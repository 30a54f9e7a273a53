import { type ArkError, type Traversal, type } from "arktype";

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
/**
 * Something to see: neither white space, nor a format character such as U+200B, nor what Unicode wants ignored where it is not
 * supported (variation selectors, Hangul fillers), nor a mark without a letter, nor a blank of Braille (U+2800) or music (U+1D159).
 */
const visible = /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}\u2800\u{1D159}]/u;

/**
 * More than 30 combining marks in a row, which no language writes: Unicode UAX #15, Stream-Safe Text Format. Normalizing sorts
 * each run in a time that grows with its square: 10 s for 50,000. U+FF9E and U+FF9F are letters that NFKC turns into marks.
 */
const longMarkRun = /(?:^|[^\p{M}\uFF9E\uFF9F])[\p{M}\uFF9E\uFF9F]{31}/u;

/** Whether the text can be normalized in linear time: at most 30 combining marks in a row. */
export function isStreamSafe(text: string): boolean {
  return !longMarkRun.test(text);
}

/** Whether the text is well-formed Unicode (no lone surrogate), stream-safe, without control characters and reordering marks. */
export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !forbidden.test(text) && !loneReturn.test(text) && isStreamSafe(text);
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

const textRule =
  "text without control characters, lone surrogates, reordering marks or more than 30 combining marks in a row";
const lineRule = `one line of visible ${textRule}`;

export const titleSchema = lineOfAtMost(titleMaxLength);

export const notesSchema = type("string")
  .atMostLength(notesMaxLength)
  .narrow((text, ctx) => isCleanText(text) || ctx.reject({ expected: textRule, actual: "" }))
  .pipe((text, ctx) => bounded(normalizeText(text), notesMaxLength, ctx));

export const nameSchema = lineOfAtMost(nameMaxLength);

function lineOfAtMost(most: number) {
  return type("string")
    .atLeastLength(1)
    .atMostLength(most)
    .narrow((text, ctx) => isCleanLine(text) || ctx.reject({ expected: lineRule, actual: "" }))
    .pipe((text, ctx) => bounded(normalizeLine(text), most, ctx));
}

/** Normalization may lengthen a text (U+FB2C becomes three characters), so the bound holds after it too. */
function bounded(text: string, most: number, ctx: Traversal): string | ArkError {
  return text.length <= most ? text : ctx.error({ expected: `at most ${most} characters in normal form`, actual: "" });
}
