/** Fails with the promise that is broken, and how. */
export function holds(promise: string, actual: unknown, expected: unknown): void {
  if (Bun.deepEquals(actual, expected)) return;
  throw new Error(`Broken: ${promise}\n  expected ${JSON.stringify(expected)}\n  received ${JSON.stringify(actual)}`);
}
