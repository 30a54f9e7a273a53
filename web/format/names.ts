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

/** "1 task", "2 tasks". */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

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
