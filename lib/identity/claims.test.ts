import { describe, expect, test } from "bun:test";
import type { JWTPayload } from "jose";
import { claimsOf, principalFromClaims } from "./claims.ts";
import { bound, principal } from "./keys.fixture.ts";

const good = { ...claimsOf(bound), iss: "x", aud: "rondo", iat: 1, exp: 2 };

test("a principal and its credential survive their way through claims", () => {
  expect(principalFromClaims(good)).toEqual({ principal, credential_id: bound.credential_id });
});

test("a principal from claims cannot be changed", () => {
  expect(Object.isFrozen(principalFromClaims(good).principal)).toBe(true);
  expect(Object.isFrozen(principalFromClaims(good).principal.scopes)).toBe(true);
});

describe("claims that are not exactly ours are refused:", () => {
  const wrong: Record<string, JWTPayload> = {
    "an additional claim": { ...good, admin: true },
    "an unknown role": { ...good, role: "god" },
    "an unknown scope": { ...good, scopes: ["tasks:read", "everything"] },
    "scopes as text": { ...good, scopes: "tasks:read" },
    "an unknown actor": { ...good, actor_type: "ghost" },
    "a workspace that is no id": { ...good, workspace_id: "*" },
    "a credential that is no id": { ...good, credential_id: "any" },
    "a subject that is no id": { ...good, sub: "1 or 1=1" },
    "several audiences": { ...good, aud: ["rondo", "other"] },
  };
  for (const [what, claims] of Object.entries(wrong)) {
    test(what, () => expect(() => principalFromClaims(claims)).toThrow("Sign in"));
  }
  for (const name of Object.keys(good)) {
    const { [name as keyof typeof good]: _, ...rest } = good;
    test(`${name} missing`, () => expect(() => principalFromClaims(rest)).toThrow("Sign in"));
  }
});
