import { describe, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { tokenAudience } from "./claims.ts";
import { createSigner, issuer, principal } from "./keys.fixture.ts";
import { remoteAuthenticator } from "./remote.ts";
import { exchangeThrough, jwksThrough } from "./through_api.ts";
import { createJwtVerifier } from "./verifier.ts";

const cookieName = "rondo_session";
const apiToken = `rondo_pat_${"b".repeat(43)}`;
const other = "01890000-0000-7000-8000-0000000000ff";

/** An api that knows one session and one API token, and counts what it is asked. */
async function setUp() {
  const time = { ms: 1_800_000_000_000 };
  const signer = await createSigner("key-1", () => time.ms);
  const asked: Request[] = [];
  const api = { live: true, status: 200 };
  const send = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname === "/api/auth/jwks") return Response.json(signer.jwks);
    asked.push(request);
    if (api.status !== 200) return new Response(null, { status: api.status });
    const { headers } = request;
    const authorization = headers.get("authorization") ?? "";
    const known =
      headers.get("cookie") === `${cookieName}=good` ||
      authorization === `Bearer ${apiToken}` ||
      authorization.split(".").length === 3;
    if (!api.live || !known) return new Response(null, { status: 401 });
    const workspace_id = headers.get("rondo-workspace") ?? principal.workspace_id;
    if (![principal.workspace_id, other].includes(workspace_id)) return new Response(null, { status: 404 });
    return Response.json({ token: await signer.sign({ workspace_id }) });
  };
  const clock = () => new Date(time.ms);
  const authenticate = remoteAuthenticator({
    exchange: exchangeThrough(send, cookieName),
    verifier: createJwtVerifier({ jwks: jwksThrough(send), issuer, audience: tokenAudience, clock }),
    cookieName,
    cacheMs: 60_000,
    clock,
  });
  const kindOf = (request: Request) =>
    authenticate(request).then(
      () => "accepted",
      (error: unknown) => (error instanceof Problem ? error.kind : String(error)),
    );
  return { time, signer, api, asked, authenticate, kindOf };
}

const withHeaders = (headers: Record<string, string>) => new Request("http://localhost/", { headers });
const browser = (more: Record<string, string> = {}) => withHeaders({ cookie: `${cookieName}=good`, ...more });

test("a cookie, an API token and a JWT all name the principal", async () => {
  const { authenticate, signer, asked } = await setUp();
  expect(await authenticate(browser())).toEqual(principal);
  expect(await authenticate(withHeaders({ authorization: `Bearer ${apiToken}` }))).toEqual(principal);
  expect(asked).toHaveLength(2);
  expect(await authenticate(withHeaders({ authorization: `Bearer ${await signer.sign()}` }))).toEqual(principal);
  expect(asked).toHaveLength(3);
});

test("a JWT whose credential has ended works for at most 10 s more, long before it expires", async () => {
  const { kindOf, api, time, signer } = await setUp();
  const withJwt = withHeaders({ authorization: `Bearer ${await signer.sign()}` });
  expect(await kindOf(withJwt)).toBe("accepted");
  api.live = false;
  time.ms += 9_999;
  expect(await kindOf(withJwt)).toBe("accepted");
  time.ms += 1;
  expect(await kindOf(withJwt)).toBe("unauthenticated");
});

test("a recheck asks the api, whatever is remembered", async () => {
  const { authenticate, api, asked } = await setUp();
  await authenticate(browser());
  expect(await authenticate.recheck(browser())).toEqual(principal);
  expect(asked).toHaveLength(2);
  api.live = false;
  await expect(authenticate.recheck(browser())).rejects.toMatchObject({ kind: "unauthenticated" });
});

test("a JWT that we did not sign is refused without asking the api", async () => {
  const { kindOf, asked, time } = await setUp();
  const stranger = await createSigner("key-1", () => time.ms);
  expect(await kindOf(withHeaders({ authorization: `Bearer ${await stranger.sign()}` }))).toBe("unauthenticated");
  expect(asked).toHaveLength(0);
});

test("identify also gives the token with which to call on", async () => {
  const { authenticate } = await setUp();
  const { bearer, principal: found } = await authenticate.identify(browser());
  expect(found).toEqual(principal);
  expect(await authenticate(withHeaders({ authorization: `Bearer ${bearer}` }))).toEqual(principal);
});

test("many requests of one browser cost one exchange, also when they come at once", async () => {
  const { authenticate, asked } = await setUp();
  await Promise.all(Array.from({ length: 20 }, () => authenticate(browser())));
  await authenticate(browser());
  expect(asked).toHaveLength(1);
});

test("a revoked session works for at most 10 s more, whatever the configuration says", async () => {
  const { kindOf, api, time } = await setUp();
  expect(await kindOf(browser())).toBe("accepted");
  api.live = false;
  time.ms += 9_999;
  expect(await kindOf(browser())).toBe("accepted");
  time.ms += 1;
  expect(await kindOf(browser())).toBe("unauthenticated");
});

test("signing out here shows at once here, in every workspace", async () => {
  const { kindOf, api, authenticate } = await setUp();
  await kindOf(browser());
  await kindOf(browser({ "rondo-workspace": other }));
  api.live = false;
  authenticate.forget(browser());
  expect(await kindOf(browser())).toBe("unauthenticated");
  expect(await kindOf(browser({ "rondo-workspace": other }))).toBe("unauthenticated");
});

test("a refusal is not remembered", async () => {
  const { kindOf, api } = await setUp();
  api.live = false;
  expect(await kindOf(browser())).toBe("unauthenticated");
  api.live = true;
  expect(await kindOf(browser())).toBe("accepted");
});

describe("Rondo-Workspace:", () => {
  test("the principal acts in the workspace named, and the two are not mixed up in the cache", async () => {
    const { authenticate } = await setUp();
    expect((await authenticate(browser({ "rondo-workspace": other }))).workspace_id).toBe(other);
    expect((await authenticate(browser())).workspace_id).toBe(principal.workspace_id);
  });

  test("its letters count the same in either case, and it is remembered once", async () => {
    const { authenticate, asked, signer } = await setUp();
    for (const named of [other, other.toUpperCase()])
      expect((await authenticate(browser({ "rondo-workspace": named }))).workspace_id).toBe(other);
    expect(asked).toHaveLength(1);
    const authorization = `Bearer ${await signer.sign({ workspace_id: other })}`;
    const shouted = withHeaders({ authorization, "rondo-workspace": other.toUpperCase() });
    expect((await authenticate(shouted)).workspace_id).toBe(other);
  });

  test("an empty name names no workspace, whether or not the caller is remembered", async () => {
    const { kindOf } = await setUp();
    const asked = [browser({ "rondo-workspace": "" }), browser(), browser({ "rondo-workspace": "" })];
    const answers = [];
    for (const request of asked) answers.push(await kindOf(request));
    expect(answers).toEqual(["not_found", "accepted", "not_found"]);
  });

  test("a workspace that the caller does not belong to is not found", async () => {
    const { kindOf } = await setUp();
    expect(await kindOf(browser({ "rondo-workspace": "foreign" }))).toBe("not_found");
  });

  test("a JWT speaks for its own workspace only", async () => {
    const { kindOf, signer } = await setUp();
    const authorization = `Bearer ${await signer.sign()}`;
    expect(await kindOf(withHeaders({ authorization, "rondo-workspace": principal.workspace_id }))).toBe("accepted");
    expect(await kindOf(withHeaders({ authorization, "rondo-workspace": other }))).toBe("not_found");
  });
});

test("without a credential nobody is asked", async () => {
  const { kindOf, asked } = await setUp();
  expect(await kindOf(withHeaders({}))).toBe("unauthenticated");
  expect(asked).toHaveLength(0);
});

test("an api in trouble is unavailable, not a reason to sign in again", async () => {
  const { kindOf, api } = await setUp();
  for (const status of [500, 503, 429]) {
    api.status = status;
    expect(await kindOf(browser())).toBe("unavailable");
  }
});
