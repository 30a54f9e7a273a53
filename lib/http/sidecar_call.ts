import { isIP } from "node:net";
import { createTokenCheck, tokenHeader } from "@rondo/sidecar";
import type { Context } from "hono";
import type { AppEnv } from "./env.ts";

/** How a service knows the calls that its own sidecar brings. */
export interface SidecarCalls {
  /** `APP_API_TOKEN`: only our own sidecar shows it. */
  readonly token: string;
  /** App-ids of the programs whose word about the client's address counts: the web tier's. */
  readonly believed: readonly string[];
}

/** Reads what the sidecars say of a call, and leaves none of their headers to the handlers. */
export type SidecarCallReader = (c: Context<AppEnv>) => void;

/** The calling side's sidecar names its app here; what the app itself sent under this name is beside it. */
const callerHeader = "dapr-caller-app-id";

/**
 * Sets `through_sidecar` for a request that shows the token: the client's address as a believed program tells it, else the host of the
 * program that calls. The sidecar of the calling side appends its own host to `X-Forwarded-For` (daprd 1.18), so the last entry
 * is the caller's host, and the one before is what the caller itself said.
 */
export function sidecarCallReader(calls: SidecarCalls | undefined): SidecarCallReader {
  if (calls === undefined) return () => undefined;
  const isOurs = createTokenCheck(calls.token);
  const believed = new Set(calls.believed);
  return (c) => {
    const { headers } = c.req.raw;
    if (!isOurs(headers.get(tokenHeader))) return;
    const heard = headers.get("x-forwarded-for")?.split(",") ?? [];
    const host = heard.pop()?.trim() ?? "";
    const said = heard.pop()?.trim() ?? "";
    const told = believed.has(headers.get(callerHeader) ?? "") && isIP(said) !== 0;
    c.set("through_sidecar", told ? said : host || "sidecar");
    for (const name of [...headers.keys()]) if (isTheirs(name)) headers.delete(name);
  };
}

function isTheirs(name: string): boolean {
  return name.startsWith("dapr-") || name.startsWith("x-forwarded-") || name === "forwarded" || name === "x-real-ip";
}
