import { type } from "arktype";

/** One page of a list; `next_cursor` is null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export const limitSchema = type(/^(?:[1-9]|[1-9]\d|1\d\d|200)$/)
  .describe("a whole number from 1 to 200")
  .pipe(Number);

export const cursorSchema = type("1 <= string <= 4096").describe("next_cursor of the page before");

/** What every list takes in its query. */
export const pageQuery = { "limit?": limitSchema, "cursor?": cursorSchema } as const;
