import { afterAll, beforeAll, expect, test } from "bun:test";
import { actsOf, hostileTexts } from "../testing.ts";
import { addByForm, cookieOf, newEmail, partialOf, type Site, somePassword, startSite } from "./site.ts";

let site: Site;
let cookie: string;
beforeAll(async () => {
  site = await startSite();
  cookie = await site.signUp();
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
});

const partial = (target: string, page?: string) => partialOf(site, target, page);
const add = (title: string) => addByForm(site, cookie, title);
const page = async (path: string) => (await site.get(path, cookie)).text();

test("what a forged cookie says is only a text", async () => {
  const forged = encodeURIComponent(JSON.stringify(["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>']));
  const html = await (await site.get("/inbox", `${cookie}; rondo_said=${forged}`)).text();
  expect(html).toContain("&lt;script&gt;");
  expect(await actsOf(html)).toEqual([]);
  expect((await site.get("/inbox", `${cookie}; rondo_said=%7Bnonsense`)).status).toBe(200);
});

test("pages allow no inline script, no style, and no text to become a script", async () => {
  const policy = (await site.get("/inbox", cookie)).headers.get("content-security-policy") ?? "";
  for (const rule of [
    "script-src 'self'",
    "style-src 'self'",
    "require-trusted-types-for 'script'",
    "frame-ancestors 'none'",
  ]) {
    expect(policy.split("; ")).toContain(rule);
  }
});

test("a redirect back never leads to another site", async () => {
  const answer = await site.post(
    "/tasks",
    cookie,
    { title: "x" },
    { referer: "https://example.org//evil.example/path" },
  );
  expect(answer.headers.get("location")).not.toContain("//");
});

test("whatever a text says, it stays a text on every page", async () => {
  for (const text of hostileTexts) {
    const id = await add(text);
    await site.post(`/tasks/${id}`, cookie, { field: "notes", notes: text });
    await site.post(`/tasks/${id}/bin`, cookie, {});
    await site.post(`/tasks/${id}/restoration`, cookie, {});
    await site.post("/projects", cookie, { name: text, color: "blue" });
    for (const path of [
      "/inbox",
      `/inbox?task=${id}`,
      `/tasks/${id}`,
      `/tasks/${id}?edit=notes`,
      `/tasks/${id}/history`,
      "/projects",
    ]) {
      expect({ path, acts: await actsOf(await page(path)) }).toEqual({ path, acts: [] });
    }
  }
});

test("what is not there, and what is another's, are the same page", async () => {
  const id = await add("Mine alone");
  const stranger = await site.signUp("Eve");
  const strip = (html: string) => html.replace(/data-cursor="[^"]*"/, "");
  const foreign = await site.get(`/tasks/${id}`, stranger);
  const missing = await site.get(`/tasks/${Bun.randomUUIDv7()}`, stranger);
  const nonsense = await site.get("/tasks/no-id", stranger);
  expect([foreign.status, missing.status, nonsense.status]).toEqual([404, 404, 404]);
  expect(strip(await foreign.text())).toBe(strip(await missing.text()));
  expect((await site.post(`/tasks/${id}/bin`, stranger, {})).status).toBe(404);
});

test("who is not signed in is asked to, and comes back to where they were going", async () => {
  const asked = await site.get("/today?task=x", "");
  expect(asked.status).toBe(303);
  expect(asked.headers.get("location")).toBe("/sign-in?next=%2Ftoday%3Ftask%3Dx");
  const part = await site.get("/inbox", "", partial("list"));
  expect(part.status).toBe(401);
  expect(await part.text()).toContain("You are signed out.");
});

test("a form of another site is refused", async () => {
  const answer = await site.post("/tasks", cookie, { title: "Forged" }, { origin: "https://example.org" });
  expect(answer.status).toBe(403);
  expect(await page("/inbox")).not.toContain("Forged");
});

test("a wrong password and an unknown account are answered alike, and what was typed but the password comes back", async () => {
  const [known, unknown] = [newEmail(), newEmail()];
  const account = { name: "Ada", email: known, password: somePassword };
  expect((await site.post("/sign-up", "", account)).status).toBe(303);
  const answers = [known, unknown].map(async (email) => {
    const answer = await site.post("/sign-in", "", { email, password: "wrong password" });
    const html = await answer.text();
    expect([answer.status, cookieOf(answer)]).toEqual([401, ""]);
    expect(html).toContain(`value="${email}"`);
    expect(html).not.toContain("wrong password");
    return html.replaceAll(email, "").replace(/data-cursor="[^"]*"/, "");
  });
  const [ofKnown, ofUnknown] = await Promise.all(answers);
  expect(ofKnown).toBe(ofUnknown);
  // The account is there, so its password alone was wrong.
  expect((await site.post("/sign-in", "", { email: known, password: somePassword })).status).toBe(303);
});

test("a huge form and a form that is none are refused, and nothing of them is done", async () => {
  expect((await site.post("/tasks", cookie, { title: "x".repeat(10_000_000) })).status).toBe(413);
  expect((await site.post("/tasks", cookie, { title: "x".repeat(501) })).status).toBe(422);
  const json = await fetch(new URL("/tasks", site.url), {
    method: "POST",
    headers: { cookie, origin: site.url, "content-type": "application/json" },
    body: JSON.stringify({ title: "By JSON" }),
  });
  expect(json.status).toBe(415);
  expect(await page("/inbox")).not.toContain("By JSON");
});
