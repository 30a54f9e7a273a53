import { afterAll, beforeAll, expect, test } from "bun:test";
import { addByForm, cookieOf, hiddenOf, partialOf, type Site, startSite } from "./site.ts";

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

/** The field's form as it is on the task's page now. */
const formOf = async (id: string, field: string) => hiddenOf(await page(`/tasks/${id}`), `#${field}-${id}`);

test("one URL is a page, a list, or a panel, and caches are told what makes the difference", async () => {
  const id = await add("Same place");
  const url = `/inbox?task=${id}`;
  const whole = await site.get(url, cookie);
  expect(await whole.text()).toStartWith("<!doctype html>");
  const panel = await site.get(url, cookie, partial("panel"));
  expect(await panel.text()).toStartWith('<section id="panel"');
  const list = await site.get("/inbox", cookie, partial("list"));
  expect(await list.text()).toContain('hx-target="#list"');
  for (const answer of [whole, panel, list]) expect(answer.headers.get("vary")).toContain("HX-Request-Type, HX-Target");
  expect(whole.headers.get("cache-control")).toBe("private, no-cache");
  expect(panel.headers.get("cache-control")).toBe("no-store");
});

test("plain forms add, edit, complete, reopen, delete and restore, each sent back to where it came from", async () => {
  const id = await add("Plain");
  const from = { referer: `${site.url}/inbox?task=${id}` };
  const form = await formOf(id, "title");
  const steps: [string, Record<string, string>][] = [
    [`/tasks/${id}`, { ...form, title: "Plainer" }],
    [`/tasks/${id}/completion`, {}],
    [`/tasks/${id}/reopening`, {}],
    [`/tasks/${id}/bin`, {}],
    [`/tasks/${id}/restoration`, {}],
  ];
  for (const [path, fields] of steps) {
    const answer = await site.post(path, cookie, fields, from);
    expect({ path, status: answer.status, to: answer.headers.get("location") }).toEqual({
      path,
      status: 303,
      to: `/inbox?task=${id}`,
    });
  }
  expect(await page("/inbox")).toContain("Plainer");
});

test("a plain form's page says what was done, once, with the way back", async () => {
  const id = await add("Undoable");
  const answer = await site.post(`/tasks/${id}/bin`, cookie, {}, { referer: `${site.url}/inbox` });
  const flash = answer.headers.getSetCookie().find((line) => line.startsWith("rondo_said="));
  const told = await site.get("/inbox", `${cookie}; ${flash?.split(";")[0]}`);
  const html = await told.text();
  expect(html).toContain("Deleted “Undoable”");
  expect(told.headers.getSetCookie().join()).toContain("rondo_said=; Max-Age=0");
  const { operation_id = "" } = await hiddenOf(html, ".toast");
  await site.post("/undo", cookie, { operation_id }, { referer: `${site.url}/inbox` });
  expect(await page("/inbox")).toContain("Undoable");
});

test("a time zone that is none is refused, and one that is decides what today is", async () => {
  expect((await site.post("/zone", cookie, { zone: "Mars/Olympus" })).status).toBe(422);
  const own = await site.signUp();
  const dueDates: (string | null)[] = [];
  // 25 hours apart: it is never the same day in both.
  for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
    const kept = await site.post("/zone", own, { zone });
    expect([kept.status, cookieOf(kept)]).toEqual([204, `rondo_zone=${encodeURIComponent(zone)}`]);
    const there = `${own}; ${cookieOf(kept)}`;
    expect(await (await site.get("/account", there)).text()).toContain(zone);
    const today = () => Temporal.Now.plainDateISO(zone).toString();
    const before = today();
    await site.post("/tasks", there, { title: `Today in ${zone}`, due_today: "1" });
    const answer = await site.get("/api/v1/tasks?limit=200", own);
    const { items } = (await answer.json()) as { items: { title: string; due_date: string | null }[] };
    const added = items.find(({ title }) => title === `Today in ${zone}`);
    // Midnight may have passed there meanwhile.
    expect(added?.due_date).toBeOneOf([before, today()]);
    expect(await (await site.get("/today", there)).text()).toContain(`Today in ${zone}`);
    dueDates.push(added?.due_date ?? null);
  }
  expect(dueDates[0]).not.toBe(dueDates[1]);
});

test("a long list is shown in steps, and its end is reached", async () => {
  const own = await site.signUp();
  for (let number = 0; number < 55; number++) await site.post("/tasks", own, { title: `Bar ${number}` });
  const read = async (path: string) => (await site.get(path, own)).text();
  const rows = (html: string) => html.match(/<li id="task-/g)?.length;
  const first = await read("/inbox");
  expect(rows(first)).toBe(50);
  expect(first).toContain('href="/inbox?limit=100"');
  expect(rows(await read("/inbox?limit=100"))).toBe(55);
});

test("a stale edit shows both texts and loses neither", async () => {
  const id = await add("Milk");
  const mine = await formOf(id, "title");
  await site.post(`/tasks/${id}`, cookie, { ...(await formOf(id, "title")), title: "Theirs" });
  for (const headers of [{}, partial("toasts", `/inbox?task=${id}`)]) {
    const answer = await site.post(`/tasks/${id}`, cookie, { ...mine, title: "Mine" }, headers);
    expect(answer.status).toBe(412);
    const html = await answer.text();
    expect(html).toContain("Theirs");
    expect(html).toMatch(/<textarea[^>]*>\s*Mine<\/textarea>/);
    const again = await hiddenOf(html, `#title-${id}`);
    expect(Number(again.version)).toBeGreaterThan(Number(mine.version));
  }
  expect(await page("/inbox")).toContain("Theirs");
  const settled = await site.post(`/tasks/${id}`, cookie, { ...(await formOf(id, "title")), title: "Mine" });
  expect(settled.status).toBe(303);
  expect(await page("/inbox")).toContain("Mine");
});

test("edits of two fields of one version do not get in each other's way", async () => {
  const id = await add("Both");
  const [title, priority] = [await formOf(id, "title"), await formOf(id, "priority")];
  expect((await site.post(`/tasks/${id}`, cookie, { ...title, title: "Both, renamed" })).status).toBe(303);
  expect((await site.post(`/tasks/${id}`, cookie, { ...priority, priority: "urgent" })).status).toBe(303);
  const html = await page(`/tasks/${id}`);
  expect(html).toContain("Both, renamed");
  expect(html).toMatch(/value="urgent" checked/);
});

test("a stale rename of a project shows both names", async () => {
  const made = await site.post("/projects", cookie, { name: "Journey", color: "blue" });
  const path = made.headers.get("location") ?? "";
  const mine = await hiddenOf(await page(path), `form[action="${path}"]`);
  expect((await site.post(path, cookie, { ...mine, name: "Theirs", color: "red" })).status).toBe(303);
  const answer = await site.post(path, cookie, { ...mine, name: "Mine", color: "teal" });
  expect(answer.status).toBe(412);
  const html = await answer.text();
  expect(html).toContain('value="Mine"');
  expect(html).toContain("<strong>Theirs</strong>, Red");
  expect(await page(path)).toContain("Theirs");
});

test("a refused text comes back in its field with the reason beside it", async () => {
  const id = await add("Fine");
  const form = { ...(await formOf(id, "title")), title: "a\u202Eb" };
  const whole = await site.post(`/tasks/${id}`, cookie, form);
  expect(whole.status).toBe(422);
  const html = await whole.text();
  expect(html).toMatch(/<textarea[^>]*aria-invalid="true"[^>]*>a\u202Eb<\/textarea>/);
  expect(html).toMatch(new RegExp(`id="title-error-${id}"[^>]*>[^<]+<`));
  const part = await site.post(`/tasks/${id}`, cookie, form, partial("toasts", `/inbox?task=${id}`));
  expect(part.status).toBe(422);
  expect(await part.text()).toStartWith(`<hx-partial hx-target="#title-error-${id}"`);

  const added = await site.post("/tasks", cookie, { title: "c\u202Ed" }, { referer: `${site.url}/inbox` });
  expect(added.status).toBe(422);
  expect(await added.text()).toContain('value="c\u202Ed"');
});

test("the same form sent twice adds one task", async () => {
  const form = { title: "Only once", key: crypto.randomUUID() };
  await Promise.all([site.post("/tasks", cookie, form), site.post("/tasks", cookie, form)]);
  await site.post("/tasks", cookie, form);
  expect((await page("/inbox")).match(/>Only once</g)).toHaveLength(1);
});
