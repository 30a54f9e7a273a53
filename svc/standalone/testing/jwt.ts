import { createIdentity } from "@rondo/api";
import { caller } from "@rondo/http";
import { newId } from "@rondo/testing";
import type { Credential } from "./places.ts";
import { authSecret, type Site } from "./site.ts";

/**
 * The JWT that the site's own services would get for this credential, made beside it: who comes from outside gets none.
 * @param minutesAgo when it was made
 */
export async function mintJwt(
  { database, rondo }: Pick<Site, "database" | "rondo">,
  headers: Credential,
  { minutesAgo = 0, origin = rondo.origin } = {},
): Promise<string> {
  const identity = createIdentity({
    db: database.db,
    databaseUrl: database.url,
    origin,
    secret: authSecret,
    clock: () => new Date(Date.now() - minutesAgo * 60_000),
    newId,
    signUp: "open",
  });
  try {
    const answer = await identity
      .routes({ identify: caller(identity.authenticate) })
      .fetch(new Request(`${origin}/api/auth/token`, { headers }));
    const { token } = (await answer.json()) as { token: string };
    return token;
  } finally {
    await identity.close();
  }
}
