import { describe, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { SignJWT } from "jose";
import { tokenAudience } from "./claims.ts";
import { bound, createSigner, issuer } from "./keys.fixture.ts";
import { createJwtVerifier } from "./verifier.ts";

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

async function setUp() {
  const time = { ms: 1_800_000_000_000 };
  const signer = await createSigner("key-1", () => time.ms);
  const served = { jwks: signer.jwks, reads: 0, down: false };
  const jwks = async () => {
    served.reads++;
    if (served.down) throw new Error("nobody there");
    return served.jwks;
  };
  const clock = () => new Date(time.ms);
  const verifier = createJwtVerifier({ jwks, issuer, audience: tokenAudience, clock, refetchMs: 5_000 });
  const kindOf = (token: string) =>
    verifier.verify(token).then(
      () => "accepted",
      (error: unknown) => (error instanceof Problem ? error.kind : String(error)),
    );
  return { time, signer, served, verifier, kindOf };
}

test("a good token names its principal, and the keys are read once for many tokens", async () => {
  const { verifier, signer, served } = await setUp();
  expect(await verifier.verify(await signer.sign())).toEqual(bound);
  await verifier.verify(await signer.sign({ role: "viewer" }));
  expect(served.reads).toBe(1);
});

describe("refused as not signed in:", () => {
  test("an expired token, also one that was accepted before", async () => {
    const { signer, kindOf, time } = await setUp();
    const token = await signer.sign();
    time.ms += 299_000;
    expect(await kindOf(token)).toBe("accepted");
    time.ms += 1_000;
    expect(await kindOf(token)).toBe("unauthenticated");
  });

  test("a token that never expires", async () => {
    const { signer, kindOf } = await setUp();
    expect(await kindOf(await signer.sign({ exp: undefined }))).toBe("unauthenticated");
  });

  test("a token for another audience or from another issuer", async () => {
    const { signer, kindOf } = await setUp();
    expect(await kindOf(await signer.sign({ aud: "elsewhere" }))).toBe("unauthenticated");
    expect(await kindOf(await signer.sign({ iss: "http://evil.example" }))).toBe("unauthenticated");
  });

  test("a token not valid yet", async () => {
    const { signer, kindOf, time } = await setUp();
    expect(await kindOf(await signer.sign({ nbf: time.ms / 1_000 + 60 }))).toBe("unauthenticated");
  });

  test("a tampered token: one claim or the signature changed", async () => {
    const { signer, kindOf } = await setUp();
    const [header, , signature] = (await signer.sign()).split(".");
    const claims = { ...signer.claims(), role: "owner", workspace_id: "01890000-0000-7000-8000-00000000ffff" };
    expect(await kindOf(`${header}.${encode(claims)}.${signature}`)).toBe("unauthenticated");
    expect(await kindOf(`${await signer.sign()}A`)).toBe("unauthenticated");
  });

  test("alg none, with and without a signature", async () => {
    const { signer, kindOf } = await setUp();
    const token = `${encode({ alg: "none", kid: "key-1" })}.${encode(signer.claims())}.`;
    expect(await kindOf(token)).toBe("unauthenticated");
    expect(await kindOf(`${token}AAAA`)).toBe("unauthenticated");
  });

  test("a token signed with the public key as an HMAC secret", async () => {
    const { signer, kindOf } = await setUp();
    const secret = Buffer.from(String(signer.jwks.keys[0]?.x), "base64url");
    const token = await new SignJWT(signer.claims()).setProtectedHeader({ alg: "HS256", kid: "key-1" }).sign(secret);
    expect(await kindOf(token)).toBe("unauthenticated");
  });

  test("a token signed by another key under our key's name", async () => {
    const { kindOf, time } = await setUp();
    expect(await kindOf(await (await createSigner("key-1", () => time.ms)).sign())).toBe("unauthenticated");
  });

  test("junk", async () => {
    const { kindOf } = await setUp();
    for (const junk of ["a.b.c", "", "..", "e30.e30.e30"]) expect(await kindOf(junk)).toBe("unauthenticated");
  });
});

test("a key that is new to us is fetched when a token names it", async () => {
  const { served, kindOf, time, signer } = await setUp();
  await kindOf(await signer.sign());
  const next = await createSigner("key-2", () => time.ms);
  served.jwks = { keys: [...signer.jwks.keys, ...next.jwks.keys] };
  time.ms += 5_000;
  expect(await kindOf(await next.sign())).toBe("accepted");
  expect(served.reads).toBe(2);
});

test("tokens with invented key ids do not make us fetch keys again and again", async () => {
  const { served, kindOf, time } = await setUp();
  const stranger = await createSigner("invented", () => time.ms);
  for (let n = 0; n < 50; n++) expect(await kindOf(await stranger.sign({ n }))).toBe("unauthenticated");
  expect(served.reads).toBe(1);
  time.ms += 5_000;
  await kindOf(await stranger.sign());
  expect(served.reads).toBe(2);
});

test("without keys nobody is told that a token is wrong, and the next request tries again", async () => {
  const { served, kindOf, signer } = await setUp();
  served.down = true;
  expect(await kindOf(await signer.sign())).toBe("unavailable");
  served.down = false;
  expect(await kindOf(await signer.sign())).toBe("accepted");
});
