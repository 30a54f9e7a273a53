import { expect, test } from "bun:test";
import { checkOrigin } from "./origin.ts";

const ours = "http://localhost:3000";

function verdict(method: string, headers: Record<string, string>): "passes" | "refused" {
  try {
    checkOrigin(new Request(`${ours}/x`, { method, headers }), new Set([ours]));
    return "passes";
  } catch (error) {
    expect(error).toMatchObject({ kind: "forbidden" });
    return "refused";
  }
}

const cookie = "rondo_session=x";

test.each(["POST", "PUT", "PATCH", "DELETE"])("a %s from another site's page is refused", (method) => {
  expect(verdict(method, { cookie, origin: "http://evil.example" })).toBe("refused");
  expect(verdict(method, { cookie, origin: "null" })).toBe("refused");
  expect(verdict(method, { cookie, origin: "http://localhost:3001" })).toBe("refused");
  expect(verdict(method, { cookie, origin: "http://localhost:3000.evil.example" })).toBe("refused");
  expect(verdict(method, { cookie, "sec-fetch-site": "cross-site" })).toBe("refused");
  expect(verdict(method, { cookie, "sec-fetch-site": "same-site", origin: ours })).toBe("refused");
  expect(verdict(method, { cookie, "sec-fetch-site": "same-origin", origin: "http://evil.example" })).toBe("refused");
});

test("a foreign page cannot sign anybody in either, though there is no cookie yet", () => {
  expect(verdict("POST", { origin: "http://evil.example" })).toBe("refused");
});

test("a foreign page cannot open a WebSocket, which carries the cookie", () => {
  expect(verdict("GET", { cookie, upgrade: "websocket", origin: "http://evil.example" })).toBe("refused");
  expect(verdict("GET", { cookie, upgrade: "websocket", origin: ours })).toBe("passes");
});

test("our own pages pass, under any name of this server that the browser vouches for", () => {
  expect(verdict("POST", { cookie, origin: ours })).toBe("passes");
  expect(verdict("POST", { cookie, origin: ours, "sec-fetch-site": "same-origin" })).toBe("passes");
  const alias = { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" };
  expect(verdict("POST", { cookie, ...alias, "sec-fetch-site": "same-origin" })).toBe("passes");
  expect(verdict("POST", { cookie, ...alias })).toBe("refused");
});

test("reading, programs and Bearer tokens are not bound to an origin", () => {
  expect(verdict("GET", { cookie, origin: "http://evil.example", "sec-fetch-site": "cross-site" })).toBe("passes");
  expect(verdict("POST", { cookie })).toBe("passes");
  expect(verdict("POST", { authorization: "Bearer x", origin: "http://evil.example" })).toBe("passes");
  expect(verdict("POST", { authorization: "Basic x", origin: "http://evil.example" })).toBe("refused");
});
