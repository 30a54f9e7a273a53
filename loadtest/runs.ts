/** How often each figure is measured: one run says nothing of how far the next would be from it. */
export const runs = 5;

/** The results of so many runs, one after the other. */
export async function inRuns<T>(measure: (run: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let run = 0; run < runs; run++) results.push(await measure(run));
  return results;
}
