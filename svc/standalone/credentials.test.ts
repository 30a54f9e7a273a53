import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { mintJwt } from "./testing/jwt.ts";
import { askPlaces, type Credential, places } from "./testing/places.ts";
import { type Site, startSite } from "./testing/site.ts";

let site: Site;
let jwt = "";
beforeAll(async () => {
  site = await startSite();
  jwt = await mintJwt(site, { cookie: site.ada.cookie });
});
afterAll(() => site.close());

/** Refused everywhere, with the same words as without a credential. */
async function expectRefused(headers: Credential): Promise<void> {
  const nobody = await askPlaces(site, {});
  const got = await askPlaces(site, headers);
  for (const [index, answer] of got.entries()) {
    const [method, path] = places[index] ?? [];
    expect({ method, path, ...answer.seen }).toEqual({ method, path, ...nobody[index]?.seen } as never);
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = () => JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

test("without a credential the interfaces say 401 and how, and pages lead to the sign-in", async () => {
  for (const [index, answer] of (await askPlaces(site, {})).entries()) {
    const path = places[index]?.[1] ?? "";
    const { status, headers } = answer;
    const page = path === "/inbox" || path === "/account";
    expect({ path, status }).toEqual({ path, status: page ? 303 : 401 });
    if (page) expect(headers.get("location")).toStartWith("/sign-in");
    else expect(headers.get("www-authenticate")).toBe('Bearer realm="rondo"');
  }
});

test("who comes from outside gets no JWT: the address is like one that does not exist", async () => {
  const missing = await site.ask(site.ada, "GET", "/api/auth/nothing");
  expect((await site.ask(site.ada, "GET", "/api/auth/token")).seen).toEqual(missing.seen);
  expect(missing.status).toBe(404);
});

describe("refused everywhere, like nobody:", () => {
  test("made-up tokens", async () => {
    const made = [
      "rondo_pat_",
      `rondo_pat_${"A".repeat(43)}`,
      "a.b.c",
      "eyJhbGciOiJub25lIn0..",
      "x".repeat(10_000),
      "' or 1=1",
    ];
    for (const token of made) await expectRefused(bearer(token));
  });

  test("other schemes", async () => {
    for (const authorization of [`Basic ${btoa("ada:x")}`, site.ada.token, "Bearer", `Bearer ${site.ada.token} x`]) {
      await expectRefused({ authorization });
    }
  });

  test("an API token with one letter changed, and a wrong one beside a good cookie", async () => {
    await expectRefused(bearer(flip(site.ada.token, 20)));
    await expectRefused({ ...bearer(flip(site.ada.token, 20)), cookie: site.ada.cookie });
  });

  test("a tampered session cookie", async () => {
    const at = site.ada.cookie.indexOf("=") + 3;
    for (const cookie of [
      flip(site.ada.cookie, at),
      site.ada.cookie.slice(0, -8),
      "rondo_session=",
      "rondo_session=%",
    ]) {
      await expectRefused({ cookie });
    }
  });

  test("a tampered JWT: other claims, another signature, another key", async () => {
    const [head = "", body = "", signature = ""] = jwt.split(".");
    const raised = part({ ...claims(), role: "owner", workspace_id: site.eve.workspace_id });
    for (const token of [
      [head, raised, signature],
      [head, body, flip(signature, 5)],
      [head, flip(body, 10), signature],
      [part({ ...JSON.parse(Buffer.from(head, "base64url").toString()), kid: newId() }), body, signature],
    ]) {
      await expectRefused(bearer(token.join(".")));
    }
  });

  test.each(["none", "None", "NONE", "HS256"])("alg %p, with and without a signature", async (alg) => {
    const [, body = "", signature = ""] = jwt.split(".");
    for (const last of ["", "AA", signature])
      await expectRefused(bearer([part({ alg, typ: "JWT" }), body, last].join(".")));
  });

  test("an expired JWT, signed with the right key", async () => {
    const issued = (minutesAgo: number) => mintJwt(site, { cookie: site.ada.cookie }, { minutesAgo });
    const fresh = await askPlaces(site, bearer(await issued(1)));
    expect(fresh[0]?.status).toBe(200);
    await expectRefused(bearer(await issued(10)));
  });
});
