import { waitFor } from "./wait_for.ts";

/**
 * Fails when something that a test opened is still open: each check counts what is left, and has `deadlineMs` (30,000) to
 * reach zero. `await expectNoLeaks({ "open streams": () => hub.size })`.
 */
export async function expectNoLeaks(
  checks: Readonly<Record<string, () => number | Promise<number>>>,
  deadlineMs = 30_000,
): Promise<void> {
  const left: string[] = [];
  for (const [what, count] of Object.entries(checks)) {
    let open = 0;
    const closed = async (): Promise<boolean> => {
      open = await count();
      return open === 0;
    };
    await waitFor(closed, { what, deadlineMs }).catch(() => left.push(`${open} ${what}`));
  }
  if (left.length > 0) throw new Error(`left open at the end: ${left.join(", ")}`);
}
