import fc from "fast-check";

/** Few values, so that a change often meets what is there already. */
const titles = ["Buy milk", "Pay rent", "Call Ada 🐎"];
const notes = ["", "two litres", "due **soon**\nor later"];
const priorities = ["none", "low", "urgent"] as const;
const dates = ["2026-02-01", "2026-12-31"];

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 3 });

export const newTaskBody = fc.record(
  {
    title: fc.constantFrom(...titles),
    notes: fc.constantFrom(...notes),
    priority: fc.constantFrom(...priorities),
    due_date: orNull(fc.constantFrom(...dates)),
  },
  { requiredKeys: ["title"] },
);

export const patchBody = fc.record(
  {
    title: fc.constantFrom(...titles),
    notes: orNull(fc.constantFrom(...notes)),
    priority: orNull(fc.constantFrom(...priorities)),
    due_date: orNull(fc.constantFrom(...dates)),
  },
  { requiredKeys: [] },
);

/** What is refused whatever the task. */
export const wrongBody = fc.constantFrom(
  { title: "" },
  { title: null },
  { title: "x".repeat(501) },
  { titel: "Buy milk" },
  { priority: "p1" },
  { due_date: "2026-02-30" },
  { version: 7 },
);
