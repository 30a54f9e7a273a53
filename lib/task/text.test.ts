import { describe, expect, test } from "bun:test";
import { type } from "arktype";
import fc from "fast-check";
import { isCleanLine, isCleanText, isStreamSafe, notesSchema, titleSchema } from "./text.ts";

const refuses = (schema: type.Any, text: unknown) => schema(text) instanceof type.errors;

describe("no text may have", () => {
  const bad: [string, string][] = [
    ["a NUL", "a\0b"],
    ["a bell", "a\u0007b"],
    ["an escape", "a\u001b[31m"],
    ["a delete", "a\u007fb"],
    ["a C1 control", "a\u0085b"],
    ["a lone high surrogate", "a\ud800b"],
    ["a lone low surrogate", "a\udc00b"],
    ["a right-to-left override", "a\u202eb"],
    ["an embedding", "a\u202ab"],
    ["an isolate", "a\u2066b"],
    ["a pop isolate", "a\u2069b"],
    ["a lone carriage return", "a\rb"],
    ["more than 30 combining marks in a row", `a${"\u0345\u0301".repeat(15)}\u0301b`],
    ["that many in front", "\u0301".repeat(31)],
    ["that many among those that NFKC makes", `a${"\u0345\uff9e".repeat(16)}`],
  ];
  test.each(bad)("%s", (_, text) => {
    expect([isCleanText(text), refuses(titleSchema, text), refuses(notesSchema, text)]).toEqual([false, true, true]);
  });
});

test("a title is one line with something to see", () => {
  for (const text of ["", " ", "\u200b\ufeff", "a\nb", "a\tb", "a\u2028b", 7, null, ["a"]]) {
    expect(refuses(titleSchema, text)).toBe(true);
  }
  for (const text of ["a", " a ", "عنوان", "🎼", "👩‍👩‍👧", "é", "<b>"]) expect(refuses(titleSchema, text)).toBe(false);
});

describe("a line of nothing but what cannot be seen is refused:", () => {
  const invisible: [string, string][] = [
    ["variation selectors", "\ufe0f\u{e0100}"],
    ["Hangul fillers", "\u115f\u1160\u3164\uffa0"],
    ["the Braille blank", "\u2800\u2800"],
    ["a combining mark without a letter", " \u0301"],
    ["joiners", "\u200d\u2060\u034f"],
    ["Khmer inherent vowels", "\u17b4\u17b5"],
    ["tags", "\u{e0041}\u{e007f}"],
    ["a musical null notehead", "\u{1d159}"],
    ["soft hyphens and an ideographic space", "\u00ad\u3000\u00ad"],
  ];
  test.each(invisible)("%s", (_, text) => {
    expect([refuses(titleSchema, text), refuses(titleSchema, `${text}a`), refuses(notesSchema, text)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

test("notes may be empty and have lines and tabs; the line ends of forms become line feeds", () => {
  expect(notesSchema("")).toBe("");
  expect(notesSchema("a\r\n\tb\n")).toBe("a\n\tb\n");
});

test("thirty combining marks in a row are kept", () => {
  const text = `a${"\u0301".repeat(30)} b${"\u0301".repeat(30)}`;
  expect(titleSchema(text)).toBe(text.normalize("NFC"));
});

test("every character that normalizing moves counts as a combining mark, so that no run of others takes long", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    // U+0345 has the highest combining class: every other mark is sorted in front of it.
    const moved = `a\u0345${character}`.normalize("NFKD") !== `a\u0345${character.normalize("NFKD")}`;
    if (moved && isStreamSafe(character.repeat(31))) throw new Error(`U+${code.toString(16)} moves and is not counted`);
  }
});

test("the longest notes of combining marks are judged at once", () => {
  const begun = performance.now();
  expect(refuses(notesSchema, "\u0345\u0301".repeat(25_000))).toBe(true);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test("the bounds hold before and after normalizing", () => {
  expect(refuses(titleSchema, "x".repeat(500))).toBe(false);
  expect(refuses(titleSchema, "x".repeat(501))).toBe(true);
  // U+FB2C is one character before normalizing and three after.
  expect(refuses(titleSchema, "\ufb2c".repeat(200))).toBe(true);
  expect(refuses(notesSchema, "x".repeat(50_001))).toBe(true);
});

test("what is accepted is trimmed, in NFC, and is accepted again unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
      const once = titleSchema(text);
      if (typeof once !== "string") return;
      expect(isCleanLine(once)).toBe(true);
      expect(once).toBe(once.trim().normalize("NFC"));
      expect(titleSchema(once)).toBe(once);
    }),
    { numRuns: 1_000 },
  );
});
