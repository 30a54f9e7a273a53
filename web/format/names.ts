import type { Color, Priority } from "@rondo/task";

export const priorityNames: Readonly<Record<Priority, string>> = {
  none: "None",
  low: "Low",
  medium: "Medium",
  high: "High",
  urgent: "Urgent",
};

export const colorNames: Readonly<Record<Color, string>> = {
  gray: "Gray",
  red: "Red",
  orange: "Orange",
  yellow: "Yellow",
  green: "Green",
  teal: "Teal",
  blue: "Blue",
  purple: "Purple",
  pink: "Pink",
};

/** A title short enough for a sentence about it. */
export function shorten(title: string, most = 40): string {
  const letters = [...title];
  return letters.length <= most
    ? title
    : `${letters
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`;
}

/** Enough of the notes to find the first line in: a row shows no more. */
const glance = 200;

// Written so that no text makes them try a place twice: brackets do not nest, and an emphasis mark is judged by its neighbors alone.
const lineMarks = /^[\s>#*+-]+|^\s*\d+[.)]\s+/;
const link = /!?\[([^[\]]*)\]\([^()]*\)/g;
/** `*` `_` `` ` `` `~` before or behind a word, but not within one (snake_case) and not alone (2 * 3). */
const emphasis = /(?<![\p{L}\p{N}])[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}(?![\p{L}\p{N}])/gu;

/** The first line of Markdown that says something, without its marks. */
export function firstLine(notes: string): string {
  const lines = notes
    .slice(0, glance)
    .split("\n")
    .map((line) => line.replace(lineMarks, "").replace(link, "$1").replace(emphasis, "").trim());
  return shorten(lines.find((line) => line !== "") ?? "", 80);
}
