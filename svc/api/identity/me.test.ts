import { afterAll, beforeAll, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { bearer, createIdentityFixture, type IdentityFixture } from "./identity.fixture.ts";

let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture();
});
afterAll(() => api.close());

test("me says who, where and with which rights, by cookie, API token and JWT", async () => {
  const { cookie, id, email, workspace_id } = await api.member();
  const { token } = await api.makeToken(cookie, { scopes: ["tasks:write"] });
  const { token: jwt } = (await (await api.get("/api/auth/token", { cookie })).json()) as { token: string };
  const workspaces = [{ id: workspace_id, name: "Personal", role: "owner", personal: true }];
  const all = ["tasks:read", "tasks:write", "workspace:admin"];
  const expected = { id, name: "Ada", email, workspace_id, role: "owner", workspaces };
  const me = async (headers: Record<string, string>) => (await api.get("/api/v1/me", headers)).json();
  expect(await me({ cookie })).toEqual({ ...expected, scopes: all });
  expect(await me(bearer(jwt))).toEqual({ ...expected, scopes: all });
  expect(await me(bearer(token))).toEqual({ ...expected, scopes: ["tasks:write"] });
});

test("one's own workspace comes first, then the others by name, and nobody else's", async () => {
  const [guest, ada, bob] = [await api.member(), await api.member(), await api.member()];
  const names = { [ada.workspace_id]: "Zoo", [bob.workspace_id]: "Bakery" };
  for (const [workspace_id, name] of Object.entries(names)) {
    await api.sql`update api.workspace set name = ${name}, personal = false where id = ${workspace_id}`;
    await api.sql`
      insert into api.member (id, workspace_id, user_id, role, created_at)
      values (${newId()}, ${workspace_id}, ${guest.id}, 'member', now())`;
  }
  const answer = await (await api.get("/api/v1/workspaces", { cookie: guest.cookie })).json();
  expect(answer).toEqual({
    items: [
      { id: guest.workspace_id, name: "Personal", role: "owner", personal: true },
      { id: bob.workspace_id, name: "Bakery", role: "member", personal: false },
      { id: ada.workspace_id, name: "Zoo", role: "member", personal: false },
    ],
    next_cursor: null,
  });
});

test("nobody is told anything without signing in", async () => {
  for (const path of ["me", "workspaces", "tokens"]) {
    const answer = await api.get(`/api/v1/${path}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="rondo"');
  }
});

test("an address of /api/auth that answers to other methods is 405 and says which; any other is 404", async () => {
  const ask = async (method: string, path: string) => {
    const { status, headers } = await api.app.request(`/api/auth/${path}`, { method });
    return [status, headers.get("allow")];
  };
  expect(await ask("GET", "sign-in/email")).toEqual([405, "POST"]);
  expect(await ask("DELETE", "sign-out")).toEqual([405, "POST"]);
  expect(await ask("PUT", "jwks")).toEqual([405, "GET, HEAD"]);
  expect(await ask("GET", "sign-in/social")).toEqual([404, null]);
});
