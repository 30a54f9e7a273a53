import { describe, expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { type Credential, credentialOf, sessionCookieName } from "./credential.ts";

const name = "rondo_session";
const apiToken = `rondo_pat_${"A".repeat(43)}`;

function read(headers: Record<string, string>): Credential | undefined | string {
  try {
    return credentialOf(new Request("http://localhost/", { headers }), name);
  } catch (error) {
    if (error instanceof Problem) return error.kind;
    throw error;
  }
}

test("a request without anything has no credential", () => {
  expect(read({})).toBeUndefined();
  expect(read({ cookie: "theme=dark; other_rondo_session=x" })).toBeUndefined();
  expect(read({ cookie: `${name}=` })).toBeUndefined();
});

test("an API token, a JWT and a session cookie are told apart", () => {
  expect(read({ authorization: `Bearer ${apiToken}` })).toEqual({ kind: "api_token", value: apiToken });
  expect(read({ authorization: "bearer aa.bb.cc" })).toEqual({ kind: "jwt", value: "aa.bb.cc" });
  expect(read({ cookie: `a=b; ${name}=v%2Bw; c=d` })).toEqual({ kind: "session", value: "v%2Bw" });
});

test("of two cookies of one name the first counts", () => {
  expect(read({ cookie: `${name}=first; ${name}=second` })).toEqual({ kind: "session", value: "first" });
});

describe("a wrong Authorization is refused, even beside a good cookie:", () => {
  const wrong = [
    "",
    "Bearer",
    "Basic dTpw",
    "Bearer a b",
    `Bearer ${apiToken}x`,
    "Bearer rondo_pat_short",
    "Bearer junk",
  ];
  for (const authorization of [...wrong, `Bearer ${"a".repeat(5_000)}.b.c`, "Bearer a..c"]) {
    test(JSON.stringify(authorization.slice(0, 40)), () => {
      expect(read({ authorization, cookie: `${name}=fine` })).toBe("unauthenticated");
    });
  }
});

test("a cookie too long to be ours is no credential", () => {
  expect(read({ cookie: `${name}=${"a".repeat(5_000)}` })).toBeUndefined();
});

test("over https the cookie carries the prefix that only this host can set", () => {
  expect(sessionCookieName("https://tasks.example.org")).toBe("__Host-rondo_session");
  expect(sessionCookieName("http://localhost:3000")).toBe("rondo_session");
});
