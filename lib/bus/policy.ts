import type { DeliveryPolicy } from "./port.ts";

/** Eight tries over half a minute: longer than a consumer takes to restart. */
export const defaultPolicy: DeliveryPolicy = {
  tries: 8,
  firstPauseMs: 500,
  longestPauseMs: 10_000,
  timeoutMs: 30_000,
};

/** The pause after the given number of failed tries: it doubles, up to the longest. */
export function pauseAfter(tries: number, policy: DeliveryPolicy): number {
  return Math.min(policy.longestPauseMs, policy.firstPauseMs * 2 ** (tries - 1));
}
