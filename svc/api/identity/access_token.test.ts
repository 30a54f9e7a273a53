import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createJwtVerifier, exchangeThrough, jwksThrough, remoteAuthenticator, tokenAudience } from "@rondo/identity";
import { fakeClock } from "@rondo/testing";
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from "jose";
import {
  bearer,
  cookieOf,
  counting,
  createIdentityFixture,
  httpOrigin,
  type IdentityFixture,
} from "./identity.fixture.ts";

let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture();
});
afterAll(() => api.close());

interface AccessToken {
  readonly token: string;
  readonly expires_at: string;
}

const exchange = async (headers: Record<string, string>) =>
  (await (await api.get("/api/auth/token", headers)).json()) as AccessToken;
const statusOf = async (token: string) => (await api.get("/api/v1/me", bearer(token))).status;

test("a cookie is exchanged for a JWT that says exactly one principal, for 5 minutes", async () => {
  const { cookie, id, workspace_id } = await api.member();
  const [session] = await api.sql<{ id: string }[]>`select id from api.session where user_id = ${id}`;
  const answer = await api.get("/api/auth/token", { cookie });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const { token, expires_at } = (await answer.json()) as AccessToken;
  const claims = decodeJwt(token);
  expect(claims).toEqual({
    sub: id,
    actor_id: id,
    actor_type: "user",
    workspace_id,
    role: "owner",
    scopes: ["tasks:read", "tasks:write", "workspace:admin"],
    credential_id: session?.id ?? "",
    iss: httpOrigin,
    aud: "rondo",
    iat: expect.any(Number),
    exp: expect.any(Number),
  });
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
  expect(Date.parse(expires_at)).toBe((claims.exp ?? 0) * 1_000);
  expect(decodeProtectedHeader(token)).toEqual({ alg: "EdDSA", kid: expect.any(String) });
});

test("an API token is exchanged for a JWT with its actor and scopes", async () => {
  const { cookie, id } = await api.member();
  const made = await api.makeToken(cookie);
  const { token } = await exchange(bearer(made.token));
  expect(decodeJwt(token)).toMatchObject({ sub: id, actor_id: made.id, actor_type: "token", scopes: ["tasks:read"] });
  expect(decodeJwt(token).credential_id).toBe(made.id);
});

test("a JWT is exchanged like what it was made from: it says the same, with the role held now", async () => {
  const { cookie, id } = await api.member();
  const { token } = await exchange({ cookie });
  await api.sql`update api.member set role = 'viewer' where user_id = ${id}`;
  const { credential_id, sub, actor_type } = decodeJwt(token);
  const renewed = decodeJwt((await exchange(bearer(token))).token);
  expect(renewed).toMatchObject({ credential_id, sub, actor_type, role: "viewer", scopes: ["tasks:read"] });
});

test("nothing is exchanged without a credential", async () => {
  expect((await api.get("/api/auth/token")).status).toBe(401);
});

test("the key set has public keys only, and may be cached", async () => {
  const { cookie } = await api.member();
  await exchange({ cookie });
  const answer = await api.get("/api/auth/jwks");
  expect(answer.headers.get("cache-control")).toBe("public, max-age=60");
  const { keys } = (await answer.json()) as { keys: object[] };
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(Object.keys(key).toSorted()).toEqual(["alg", "crv", "kid", "kty", "x"]);
});

test("strangers who ask for the keys again and again cost one query a minute; our own services always get the newest", async () => {
  const { db, count } = counting(api.db);
  const clock = fakeClock(new Date().toISOString());
  const { app, close } = api.replica({ db, clock });
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, own) => app.fetch(request, { server: own }),
  });
  const ask = async () => (await fetch(new URL("/api/auth/jwks", server.url))).json();
  const keys = await Promise.all(Array.from({ length: 50 }, ask));
  expect(count.queries).toBe(1);
  expect(keys[49]).toEqual(await (await app.request("/api/auth/jwks")).json());
  expect(count.queries).toBe(2);
  clock.advance(60_000);
  await ask();
  expect(count.queries).toBe(3);
  await server.stop(true);
  await close();
});

test("private keys are encrypted in the database", async () => {
  const { cookie } = await api.member();
  await exchange({ cookie });
  for (const row of await api.sql<{ private_key: string }[]>`select private_key from api.signing_key`) {
    expect(row.private_key).not.toContain('"d"');
  }
});

test("many first exchanges at once all give tokens that hold", async () => {
  const fresh = await createIdentityFixture();
  const { cookie } = await fresh.member();
  const answers = await Promise.all(Array.from({ length: 8 }, () => fresh.get("/api/auth/token", { cookie })));
  const tokens = (await Promise.all(answers.map((answer) => answer.json()))) as AccessToken[];
  const replica = fresh.replica();
  for (const { token } of tokens) expect((await replica.get("/api/v1/me", bearer(token))).status).toBe(200);
  await replica.close();
  await fresh.close();
});

test("with another secret the old keys cannot be read: new ones are made instead of failing for ever", async () => {
  const { email } = await api.member();
  const later = api.replica({ secret: "another secret of 32 characters, at least" });
  const cookie = cookieOf(await later.signIn(email));
  const { token } = (await (await later.get("/api/auth/token", { cookie })).json()) as AccessToken;
  const { status } = await later.get("/api/v1/me", bearer(token));
  await later.close();
  expect(status).toBe(200);
});

test("another process verifies and exchanges through the api alone", async () => {
  const { cookie, id } = await api.member();
  const send = async (request: Request) => api.app.fetch(request);
  const verifier = createJwtVerifier({ jwks: jwksThrough(send), issuer: httpOrigin, audience: tokenAudience });
  const cookieName = "rondo_session";
  const authenticate = remoteAuthenticator({ exchange: exchangeThrough(send, cookieName), verifier, cookieName });
  expect(await authenticate(new Request(httpOrigin, { headers: { cookie } }))).toMatchObject({ user_id: id });
});

describe("refused with 401 and WWW-Authenticate:", () => {
  test("a tampered, an unsigned, and a self-signed token", async () => {
    const { cookie } = await api.member();
    const { token } = await exchange({ cookie });
    const claims = decodeJwt(token);
    const [header = "", payload = "", signature = ""] = token.split(".");
    const otherSignature = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    const bent = Buffer.from(JSON.stringify({ ...claims, role: "owner", sub: claims.sub })).toString("base64url");
    const secret = new TextEncoder().encode("a secret of thirty-two characters");
    const wrong = [
      `${header}.${bent}A.${signature}`,
      `${header}.${payload}.${otherSignature}`,
      `${new UnsecuredJWT(claims).encode()}x`,
      await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(secret),
    ];
    for (const each of wrong) {
      const answer = await api.get("/api/v1/me", bearer(each));
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="rondo"');
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
    expect(await statusOf(token)).toBe(200);
  });

  test("an expired token", async () => {
    const { cookie } = await api.member();
    const past = api.replica({ clock: () => new Date(Date.now() - 301_000) });
    const { token } = (await (await past.get("/api/auth/token", { cookie })).json()) as AccessToken;
    await past.close();
    expect(await statusOf(token)).toBe(401);
  });

  test("a token of another site that shares our keys", async () => {
    const { cookie } = await api.member();
    const other = api.replica({ origin: "http://elsewhere.example" });
    const { token } = (await (await other.get("/api/auth/token", { cookie })).json()) as AccessToken;
    await other.close();
    expect(decodeJwt(token).iss).toBe("http://elsewhere.example");
    expect(await statusOf(token)).toBe(401);
  });
});
