/** The icons of Lucide that the pages use, by their names there. A name that is not here is not in the sprite. */
export const lucideIcons = [
  "archive",
  "archive-restore",
  "calendar",
  "check",
  "circle-alert",
  "circle-user",
  "folder",
  "history",
  "inbox",
  "keyboard",
  "log-out",
  "pencil",
  "plus",
  "rotate-ccw",
  "sun",
  "text",
  "trash-2",
  "x",
] as const;

/**
 * The rings of a task's circle, drawn by us. Each priority has a form of its own beside its colour, so that it reads without
 * colour: a thin ring, a dashed one, a thick one, one with a dot, one with a bar.
 */
export const drawnIcons = {
  "ring-none": '<circle cx="12" cy="12" r="9" stroke-width="1.5"/>',
  "ring-low": '<circle cx="12" cy="12" r="9" stroke-width="2" stroke-dasharray="3.5 3.57"/>',
  "ring-medium": '<circle cx="12" cy="12" r="8.75" stroke-width="2.75"/>',
  "ring-high":
    '<circle cx="12" cy="12" r="9" stroke-width="2.25"/><circle cx="12" cy="12" r="2.75" fill="currentColor" stroke="none"/>',
  "ring-urgent": '<circle cx="12" cy="12" r="9" stroke-width="2.5"/><path d="M12 7.5v5M12 16v.5" stroke-width="2.5"/>',
  "ring-done":
    '<circle cx="12" cy="12" r="10" fill="currentColor" stroke="none"/><path stroke="var(--tick, Canvas)" d="m7.75 12.25 3 3 5.75-6.25" stroke-width="2.25"/>',
  mark: '<path d="M19.5 7.2A9 9 0 1 0 21 12" stroke-width="2.5"/><path d="m8.5 11.5 3 3 9-10" stroke-width="2.5"/>',
} as const;

export type IconName = (typeof lucideIcons)[number] | keyof typeof drawnIcons;
