import { join } from "node:path";
import { spawnProgram, temporaryFolder } from "@rondo/testing";
import type { BrowserContextOptions, Locator, Page, TestBrowser, TestWindow } from "@rondo/testing/browser";

const root = join(import.meta.dir, "../..");

/** A Rondo that is running somewhere. */
export interface SiteAddress {
  /** As browsers have it. */
  readonly url: string;
}

/** All of Rondo, running from source with data of its own. */
export interface Site extends SiteAddress, AsyncDisposable {
  /** Makes an account; answers its cookie, as a browser would send it. */
  signUp(name?: string): Promise<string>;
  /** A request as a plain form makes it: redirects are not followed. */
  post(path: string, cookie: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  get(path: string, cookie: string, headers?: Record<string, string>): Promise<Response>;
}

export async function startSite(): Promise<Site> {
  const env = { RONDO_DATA_DIR: temporaryFolder("site"), RONDO_PORT: "0", RONDO_ADMIN_PORT: "0" };
  const program = spawnProgram([process.execPath, "svc/standalone/main.ts"], { cwd: root, env });
  const [, url = ""] = await program.line(/Rondo is ready: (\S+)/);
  const send = (path: string, init: RequestInit) => fetch(new URL(path, url), { redirect: "manual", ...init });
  const post: Site["post"] = (path, cookie, form, headers = {}) =>
    send(path, { method: "POST", body: new URLSearchParams(form), headers: { cookie, origin: url, ...headers } });
  return {
    url,
    post,
    get: (path, cookie, headers = {}) => send(path, { headers: { cookie, ...headers } }),
    async signUp(name = "Ada") {
      const answer = await post("/sign-up", "", { name, email: newEmail(), password: somePassword });
      if (answer.status !== 303) throw new Error(`signing up answered ${answer.status}: ${await answer.text()}`);
      return cookieOf(answer);
    },
    async [Symbol.asyncDispose]() {
      program.kill("SIGTERM");
      await program.ended(20_000).catch(() => program.kill("SIGKILL"));
      await program[Symbol.asyncDispose]();
    },
  };
}

export const somePassword = "correct horse battery";

export function newEmail(): string {
  return `${crypto.randomUUID()}@example.org`;
}

export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** The same form of the page again: its hidden inputs by name. */
export async function hiddenOf(html: string, formSelector: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const reader = new HTMLRewriter().on(`${formSelector} input[type=hidden]`, {
    element(input) {
      found[input.getAttribute("name") ?? ""] = input.getAttribute("value") ?? "";
    },
  });
  await reader.transform(new Response(html)).text();
  return found;
}

/** The headers with which htmx asks for a part of a page of the site. */
export function partialOf(site: Site, target: string, page = "/inbox"): Record<string, string> {
  return {
    "hx-request": "true",
    "hx-request-type": "partial",
    "hx-target": `section#${target}`,
    "hx-current-url": new URL(page, site.url).href,
  };
}

/** Adds a task to the Inbox as a plain form does; answers its id. */
export async function addByForm(site: Site, cookie: string, title: string): Promise<string> {
  const answer = await site.post("/tasks", cookie, { title }, { referer: `${site.url}/inbox` });
  if (answer.status !== 303 || answer.headers.get("location") !== "/inbox") {
    throw new Error(`adding answered ${answer.status} and led to ${answer.headers.get("location")}`);
  }
  const html = await (await site.get("/inbox", cookie)).text();
  const id = /<li id="task-([0-9a-f-]{36})"/.exec(html)?.[1];
  if (id === undefined) throw new Error("the added task is not in the Inbox");
  return id;
}

/** A window in which someone new has just signed up through the form. */
export async function signedUpWindow(
  browser: TestBrowser,
  site: SiteAddress,
  options: BrowserContextOptions = {},
): Promise<TestWindow & { readonly email: string }> {
  const window = await browser.window({ baseURL: site.url, ...options });
  const email = newEmail();
  const { page } = window;
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(somePassword);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/inbox");
  return { ...window, email };
}

export async function signInWindow(
  browser: TestBrowser,
  site: SiteAddress,
  email: string,
  options: BrowserContextOptions = {},
): Promise<TestWindow> {
  const window = await browser.window({ baseURL: site.url, ...options });
  const { page } = window;
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(somePassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/inbox");
  return window;
}

export async function addTask(page: Page, title: string): Promise<Locator> {
  await page.getByLabel(/^New task/).fill(title);
  await page.keyboard.press("Enter");
  const row = rowOf(page, title);
  await row.waitFor();
  return row;
}

export function rowOf(page: Page, title: string): Locator {
  return page.locator(".row").filter({ hasText: title });
}

/** The one that has the focus, in words. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? (element?.id || element?.className || element?.tagName) ?? "";
  });
}
