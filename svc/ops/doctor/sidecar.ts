import { createSidecar } from "@rondo/sidecar";
import { oneLine } from "../cli/table.ts";
import { type Finding, failure, fine } from "./finding.ts";
import { askMetadata } from "./sidecar_metadata.ts";
import { judgeSidecar } from "./sidecar_needs.ts";

export interface AskedSidecar {
  readonly url: string;
  /** `DAPR_API_TOKEN`: what the sidecar wants to be shown, when it wants anything. */
  readonly token?: string | undefined;
  /** For each of two questions; 3,000. */
  readonly timeoutMs?: number;
}

/** Whether the sidecar, and what it needs, is ready, and whether it has loaded what the service beside it needs. */
export async function checkSidecar({ url, token, timeoutMs = 3_000 }: AskedSidecar): Promise<readonly Finding[]> {
  try {
    const health = await checkHealth(url, timeoutMs);
    const told = await askMetadata(url, token, timeoutMs);
    return "finding" in told ? [health, told.finding] : [health, ...judgeSidecar(told.metadata)];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [failure("sidecar", why, "is daprd running, and is this its HTTP port?")];
  }
}

/** Dapr's health API; DaprClient's `isHealthy` asks for metadata instead, and says less. @throws SidecarAway */
async function checkHealth(url: string, timeoutMs: number): Promise<Finding> {
  const answer = await createSidecar({ url }).request("/v1.0/healthz", { timeoutMs });
  if (answer.status === 204) return fine("sidecar", "healthy");
  const body: unknown = await answer.json().catch(() => undefined);
  const why =
    typeof body === "object" && body !== null && "message" in body ? `: ${oneLine(String(body.message))}` : "";
  const advice = "its log says what it waits for: the scheduler, a component, its program";
  return failure("sidecar", `it answers ${answer.status}${why}`, advice);
}
