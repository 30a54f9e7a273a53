import { type Finding, failure, fine } from "./finding.ts";

const deadlineMs = 3_000;

/** Whether the sidecar, and what it needs, is ready (Dapr's health API). */
export async function checkSidecar(url: string): Promise<Finding> {
  try {
    const health = new URL("/v1.0/healthz", url);
    const { status } = await fetch(health, { signal: AbortSignal.timeout(deadlineMs) });
    if (status === 204) return fine("sidecar", "healthy");
    return failure(
      "sidecar",
      `it answers ${status}`,
      "its log says what it waits for: the scheduler, a component, its program",
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failure("sidecar", `no answer from ${url}: ${why}`, "is daprd running, and is this its HTTP port?");
  }
}
