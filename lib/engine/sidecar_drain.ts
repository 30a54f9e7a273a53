import { type Sidecar, SidecarAway } from "@rondo/sidecar";
import { getLog } from "@rondo/telemetry";

/** How a program that others call ends without a call being lost. */
export interface SidecarDrain {
  /** The answer to the sidecar's health probe. */
  readonly isHealthy: () => boolean;
  /** Shuts the sidecar down, and resolves when it has ended. */
  readonly start: () => Promise<void>;
}

const everyMs = 20;

/**
 * Other sidecars find ours by a name that stays registered until it ends. While the sidecar runs without its app, every call through it
 * fails. So the sidecar ends first, and the app answers the calls that still arrive. A sidecar that waits for its app
 * (`dapr-block-shutdown-duration`) ends when its probe finds the app unhealthy, and passes no calls on from then on.
 */
export function createSidecarDrain(sidecar: Pick<Sidecar, "request">): SidecarDrain {
  const log = getLog("engine");
  let draining = false;

  async function start(): Promise<void> {
    draining = true;
    try {
      const answer = await sidecar.request("/v1.0/shutdown", { method: "POST" });
      if (!answer.ok) return log.warn("the sidecar refuses to shut down", { status: answer.status });
      for (;;) {
        await sidecar.request("/v1.0/healthz/outbound");
        await Bun.sleep(everyMs);
      }
    } catch (error) {
      if (!(error instanceof SidecarAway)) throw error;
    }
  }
  return { isHealthy: () => !draining, start };
}
