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

/** Looked at for the first line: the patterns below take a time that grows with the square of it. */
const glance = 200;

/** The first line of Markdown that says something, without its marks. */
export function firstLine(notes: string): string {
  const lines = notes
    .slice(0, glance)
    .split("\n")
    .map((line) =>
      line
        .replace(/^[\s>#*+-]+|^\s*\d+[.)]\s+/, "")
        .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replace(/[*_`~]{1,3}(\S(?:.*?\S)?)[*_`~]{1,3}/g, "$1")
        .trim(),
    );
  return shorten(lines.find((line) => line !== "") ?? "", 80);
}
