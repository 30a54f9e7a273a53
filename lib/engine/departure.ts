import { type Sidecar, SidecarAway } from "@rondo/sidecar";
import { getLog } from "@rondo/telemetry";

/** How a program that others call goes away without a call being lost. */
export interface Departure {
  /** What the sidecar's probe is told. */
  readonly isWell: () => boolean;
  /** Sends the sidecar away first, and resolves when it has gone. */
  readonly leave: () => Promise<void>;
}

const everyMs = 20;

/**
 * Other sidecars find ours by a name that it gives back only when it ends. While it is there and its app is not, every call that comes this way
 * fails. So the sidecar ends first, and the app answers what it still brings. One that has been told to wait for its app
 * (`dapr-block-shutdown-duration`) goes when its probe finds the app ill; it brings no calls from then on.
 */
export function createDeparture(sidecar: Pick<Sidecar, "request">): Departure {
  const log = getLog("engine");
  let leaving = false;

  async function leave(): Promise<void> {
    leaving = true;
    try {
      const answer = await sidecar.request("/v1.0/shutdown", { method: "POST" });
      if (!answer.ok) return log.warn("the sidecar does not go away", { status: answer.status });
      for (;;) {
        await sidecar.request("/v1.0/healthz/outbound");
        await Bun.sleep(everyMs);
      }
    } catch (error) {
      if (!(error instanceof SidecarAway)) throw error;
    }
  }
  return { isWell: () => !leaving, leave };
}
