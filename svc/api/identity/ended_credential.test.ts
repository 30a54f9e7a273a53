/** Nothing outlives the session or API token that it was made from: a JWT, a memory of it, a new API token. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { authenticatorThrough } from "@rondo/identity";
import { fakeClock } from "@rondo/testing";
import { decodeJwt } from "jose";
import { bearer, createIdentityFixture, httpOrigin, type IdentityFixture, type Member } from "./identity.fixture.ts";

const clock = fakeClock(new Date().toISOString());
let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture({ clock });
});
afterAll(() => api.close());

type Headers = Record<string, string>;
type Replica = Pick<IdentityFixture, "get" | "app">;

const exchange = async (headers: Headers, replica: Replica = api): Promise<string> =>
  ((await (await replica.get("/api/auth/token", headers)).json()) as { token: string }).token;
const statusAt = async (replica: Replica, headers: Headers) => (await replica.get("/api/v1/me", headers)).status;

/** Another service: it knows who acts only by asking this replica of the api. */
function serviceOver({ app }: Replica) {
  const authenticator = authenticatorThrough(async (request) => app.fetch(request), httpOrigin, clock);
  const accepts = (headers: Headers) =>
    authenticator(new Request(httpOrigin, { headers })).then(
      () => true,
      () => false,
    );
  return { authenticator, accepts };
}

const ways: Record<string, (member: Member) => Promise<{ headers: Headers; end(): Promise<unknown> }>> = {
  "a session that is signed out everywhere": async ({ cookie }) => ({
    headers: { cookie },
    end: () => api.post("/api/auth/revoke-sessions", {}, { cookie }),
  }),
  "an API token that is revoked": async ({ cookie }) => {
    const { id, token } = await api.makeToken(cookie);
    return {
      headers: bearer(token),
      end: () => api.call(`/api/v1/tokens/${id}`, { method: "DELETE", headers: { cookie } }),
    };
  },
};

describe.each(Object.entries(ways))("%s", (_, make) => {
  test("ends its JWTs at once in the process that ended it", async () => {
    const { headers, end } = await make(await api.member());
    const jwt = bearer(await exchange(headers));
    expect(await statusAt(api, jwt)).toBe(200);
    await end();
    expect(await statusAt(api, jwt)).toBe(401);
  });

  test("ends within 10 s in every process, though each remembered it a moment before", async () => {
    const { headers, end } = await make(await api.member());
    const replica = api.replica();
    const [web, audit] = [serviceOver(replica), serviceOver(replica)];
    const { bearer: token } = await web.authenticator.identify(new Request(httpOrigin, { headers }));
    const jwt = bearer(token);
    const everywhere = async () => [
      await web.accepts(headers),
      await web.accepts(jwt),
      await audit.accepts(jwt),
      (await statusAt(replica, headers)) === 200,
      (await statusAt(replica, jwt)) === 200,
    ];
    expect(await everywhere()).toEqual([true, true, true, true, true]);
    await end();
    clock.advance(9_999);
    // What asks the api now learns it, though the api itself still remembers the credential.
    expect(await serviceOver(replica).accepts(headers)).toBe(false);
    expect(await serviceOver(replica).accepts(jwt)).toBe(false);
    await everywhere();
    clock.advance(1);
    expect(await everywhere()).toEqual([false, false, false, false, false]);
    await replica.close();
  });
});

test("a JWT expires no later than the API token it was made for", async () => {
  const { cookie } = await api.member();
  const expiry = Math.floor(clock().getTime() / 1_000) + 60;
  const made = await api.makeToken(cookie, { expires_at: new Date(expiry * 1_000).toISOString() });
  expect(decodeJwt(await exchange(bearer(made.token))).exp).toBe(expiry);
});

test("no new API token from a session that ended elsewhere, by cookie or by JWT", async () => {
  const { cookie, id } = await api.member();
  const replica = api.replica();
  const jwt = bearer(await exchange({ cookie }, replica));
  for (const headers of [{ cookie }, jwt]) expect(await statusAt(replica, headers)).toBe(200);
  await api.post("/api/auth/revoke-sessions", {}, { cookie });
  for (const headers of [{ cookie }, jwt]) {
    const answer = await replica.post("/api/v1/tokens", { name: "successor", scopes: ["tasks:read"] }, headers);
    expect(answer.status).toBe(401);
  }
  expect(await api.sql`select 1 from api.api_token where user_id = ${id}`).toHaveLength(0);
  await replica.close();
});

test("many exchanges of one credential cost one signature in 4 minutes, and ask the database each time", async () => {
  const { cookie } = await api.member();
  const first = await exchange({ cookie });
  clock.advance(239_000);
  expect(await exchange({ cookie })).toBe(first);
  clock.advance(1_000);
  const second = await exchange({ cookie });
  expect(second).not.toBe(first);
  await api.sql`delete from api.session where user_id = ${decodeJwt(second).sub ?? ""}`;
  expect((await api.get("/api/auth/token", { cookie })).status).toBe(401);
});

describe("JWTs are for our own services only:", () => {
  const serviceToken = "shown by our own services to each other";

  test("who comes over a socket finds no such address; a service that shows the token gets one", async () => {
    const { cookie } = await api.member();
    const guarded = api.replica({}, { serviceToken });
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request, own) => guarded.app.fetch(request, { server: own }),
    });
    const ask = async (path: string, headers: Headers = {}) => {
      const answer = await fetch(new URL(path, server.url), { headers: { cookie, ...headers } });
      return `${answer.status} ${(await answer.text()).replace(/"request_id":"[^"]*"/, "")}`;
    };
    const missing = await ask("/api/auth/nothing");
    expect(missing).toStartWith("404 ");
    for (const shown of ["", "wrong", `${serviceToken}x`]) {
      expect(await ask("/api/auth/token", { "rondo-service-token": shown })).toBe(missing);
    }
    expect(await ask("/api/auth/token")).toBe(missing);
    expect(await ask("/api/auth/token", { "rondo-service-token": serviceToken })).toStartWith("200 ");
    await server.stop(true);
    await guarded.close();
  });
});
