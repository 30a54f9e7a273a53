import { createClient } from "@rondo/client";
import type { Platform, Wired } from "@rondo/service";
import { createApp } from "./app.ts";

/** The web tier in its surroundings: everything that it shows comes through its client. */
export async function wireWeb(platform: Platform): Promise<Wired> {
  const { transport, authenticate: authenticator, metrics, origin, origins, trustedProxies, clock } = platform;
  const client = createClient({ fetch: transport, origin });
  return {
    app: createApp({ client, authenticator, metrics, origin: origins, trustedProxies, clock }),
    ready: { api: async () => void (await transport("api", new Request("http://rondo.internal/api/auth/jwks"))) },
  };
}
