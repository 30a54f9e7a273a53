/** Small enough to stay far below every statement's timeout, and to lock few rows at a time. */
const rowsAtOnce = 1_000;

/**
 * Deletes in batches, each a statement of its own, until one finds less than it may take: the first run after a month must not be
 * one statement that its timeout ends each time. Answers how many. `remove` deletes up to `limit` rows and answers how many.
 */
export async function deleteInBatches(remove: (limit: number) => Promise<number>): Promise<number> {
  let removed = 0;
  for (;;) {
    const count = await remove(rowsAtOnce);
    removed += count;
    if (count < rowsAtOnce) return removed;
  }
}
