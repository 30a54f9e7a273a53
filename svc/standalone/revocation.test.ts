import { afterAll, beforeAll, expect, test } from "bun:test";
import { signUp, waitFor } from "@rondo/testing";
import { askPlaces, type Credential } from "./testing/places.ts";
import { type Site, startSite } from "./testing/site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function untilRefused(headers: Credential) {
  const refused = async () => (await askPlaces(site, headers)).every(({ status }) => status === 401 || status === 303);
  return waitFor(refused, { what: "every service to refuse it", everyMs: 200 });
}

test("within 10 s every service refuses a token or session that was revoked or has expired, though all remembered it", async () => {
  const { sql } = site.database;
  const [revoked, expired] = await Promise.all(
    [null, new Date(Date.now() + 5_000).toISOString()].map(async (expires_at) => {
      const body = { name: "short", scopes: ["tasks:read"], expires_at };
      return (await site.ask(site.ada, "POST", "/api/v1/tokens", { body })).json<{ id: string; token: string }>();
    }),
  );
  const [signedOut, outlived] = await Promise.all(["Sam", "Tom"].map((name) => signUp(site.rondo.origin, name)));
  if (!revoked || !expired || !signedOut || !outlived) throw new Error("not all were made");
  const credentials = [
    bearer(revoked.token),
    bearer(expired.token),
    ...[signedOut, outlived].map(({ cookie }) => ({ cookie })),
  ];
  // Remembered by api, web, audit and sync alike.
  for (const headers of credentials)
    expect((await askPlaces(site, headers)).map(({ status }) => status)).not.toContain(401);

  await site.ask(site.ada, "DELETE", `/api/v1/tokens/${revoked.id}`);
  await site.ask(signedOut, "POST", "/api/auth/revoke-sessions");
  await sql`update api.session set expires_at = now() - interval '1 second' where user_id = ${outlived.user_id}`;
  await Promise.all(credentials.map(untilRefused));
});
