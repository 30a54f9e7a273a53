import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Site, startSite } from "./testing/site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

/** Each with a word that is found wherever it got to. */
const texts = [
  "<script>alert('evil')</script>",
  '"><img src=evil onerror=evil(1)>',
  "' hx-get='/evil' hx-trigger='load' x='",
  '" hx-post="/sign-out?evil" hx-trigger="load" autofocus onfocus="evil()',
  '<hx-partial hx-target="body">evil</hx-partial>',
  "</textarea></title></script><svg onload=evil(1)>",
  "javascript:evil(1)",
  "[evil](javascript:evil(1)) ![evil](https://example.org/x.png) <javascript:evil>",
  "[evil](/sign-out){hx-post=/sign-out}",
];

/** Everything in the page that a text of somebody could have put there: elements and attributes beyond its own words. */
async function intrusionsIn(html: string): Promise<readonly string[]> {
  const found: string[] = [];
  const page = new HTMLRewriter().on("*", {
    element({ tagName, attributes }) {
      const all = [...attributes];
      const source = all.find(([name]) => name === "src")?.[1];
      if (tagName === "script" && !source?.startsWith("/assets/")) found.push("a script");
      if (["hx-partial", "img", "iframe", "object", "embed", "base", "style"].includes(tagName)) found.push(tagName);
      for (const [name, value] of all) {
        const words = ["value", "aria-label", "title", "data-title", "placeholder", "content"].includes(name);
        if (value.includes("evil") && !words) found.push(`${tagName} ${name}=${value}`);
        if (name.startsWith("on") || name.includes("evil")) found.push(`${tagName} ${name}`);
        if (/^(href|src|action|formaction|hx-)/.test(name) && /^\s*(javascript|data|vbscript):/i.test(value))
          found.push(`${tagName} ${name}=${value}`);
      }
    },
  });
  await page.transform(new Response(html)).text();
  return found;
}

test("the inspection finds what it is for", async () => {
  for (const text of texts.filter((text) => text.startsWith("<") && !text.startsWith("</textarea")))
    expect(await intrusionsIn(`<p>${text}</p>`)).not.toEqual([]);
  expect(await intrusionsIn(`<p title='${texts[2]}'>`)).not.toEqual([]);
  expect(await intrusionsIn(`<a href="javascript:evil(1)">`)).not.toEqual([]);
  expect(await intrusionsIn("<p>evil &lt;script&gt;</p>")).toEqual([]);
});

/** A person whose every text is this one; what they call their things, and the pages on which these are to be seen. */
async function live(text: string) {
  const account = { name: text, email: `${crypto.randomUUID()}@example.org`, password: "correct horse battery" };
  const entered = await site.ask(undefined, "POST", "/api/auth/sign-up/email", { body: account });
  const cookie = entered.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const as = (method: string, path: string, body?: unknown) =>
    site.ask(undefined, method, path, { body, headers: { cookie, "accept-language": text.replace(/[^ -~]/g, "") } });
  const make = async (path: string, body: object) =>
    (await as("POST", `/api/v1/${path}`, body)).json<{ id: string }>().id;
  const task = await make("tasks", { title: text, notes: text });
  const project = await make("projects", { name: text });
  await make("tasks", { title: text, project_id: project });
  await make("tokens", { name: text, scopes: ["tasks:read"] });
  await as("DELETE", `/api/v1/tasks/${await make("tasks", { title: text })}`);
  await as("PATCH", `/api/v1/tasks/${task}`, {
    title: `${text} again`,
    notes: `${text} again`,
    due_date: "2026-01-31",
  });
  const archived = await make("projects", { name: text });
  await as("PATCH", `/api/v1/projects/${archived}`, { archived: true });
  return { as, task, project };
}

describe.each(texts)("%s", (text) => {
  test("is a text and nothing else on every page and in every answer", async () => {
    const { as, task, project } = await live(text);
    const shown = [
      ...["/inbox", "/today", "/bin", "/projects", "/account"],
      ...[`/inbox?task=${task}`, `/tasks/${task}`, `/tasks/${task}?edit=notes`, `/tasks/${task}/history`],
      `/projects/${project}`,
    ];
    for (const path of shown) {
      const answer = await as("GET", path);
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      expect({ path, found: await intrusionsIn(answer.text) }).toEqual({ path, found: [] });
      expect({ path, shown: answer.text.includes("evil") }).toEqual({ path, shown: true });
      expect(answer.headers.get("content-security-policy")).toContain("script-src 'self';");
    }

    const form = (fields: Record<string, string>) => new URLSearchParams({ ...fields });
    const answers = [
      await as("POST", "/tasks", form({ title: `${text}\u202e` })),
      await as("POST", `/tasks/${task}`, form({ field: "title", title: text, was: text, version: "1" })),
      await as("POST", `/tasks/${task}`, form({ field: "notes", notes: `${text}\u202e`, version: "2" })),
      await as("POST", "/projects", form({ name: `${text}\u202e`, color: text })),
      await as("POST", `/projects/${project}`, form({ name: text, color: "blue", version: "99" })),
      await as("POST", "/account/tokens", form({ name: text, scopes: "tasks:read" })),
      await as("POST", "/account/tokens", form({ name: `${text}\u202e`, scopes: text })),
      await site.ask(undefined, "POST", "/sign-in", { body: form({ email: text, password: text, next: text }) }),
      await site.ask(undefined, "POST", "/sign-up", {
        body: form({ name: text, email: text, password: text, next: text }),
      }),
      await as("GET", `/sign-in?next=${encodeURIComponent(text)}`),
      await as("GET", `/inbox?task=${encodeURIComponent(text)}`),
      await as("GET", `/${encodeURIComponent(text)}`),
    ];
    for (const [index, answer] of answers.entries()) {
      expect({ index, found: await intrusionsIn(answer.text) }).toEqual({ index, found: [] });
      expect(answer.headers.get("location") ?? "/").toMatch(/^\/(?!\/)/);
      expect(answer.headers.get("location") ?? "").not.toContain("evil");
    }
  });
});

test("the interface answers such texts as JSON that no browser takes for a page", async () => {
  const [text = ""] = texts;
  const made = await site.ask(site.ada, "POST", "/api/v1/tasks", { body: { title: text } });
  expect(made.headers.get("content-type")).toStartWith("application/json");
  expect(made.headers.get("x-content-type-options")).toBe("nosniff");
  expect(made.json()).toMatchObject({ title: text });
});
