import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith, waitFor } from "@rondo/testing";
import { type Page, startBrowser, type TestBrowser } from "@rondo/testing/browser";
import { addTask, rowOf, type Site, signedUpWindow, signInWindow, startSite } from "./site.ts";

describeWith("chromium", "an open page, come what may,", (path) => {
  let site: Site;
  let browser: TestBrowser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), startBrowser(path)]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  /** Two windows of one person, each on its Inbox. */
  async function twoWindows() {
    const here = await signedUpWindow(browser, site);
    const there = await signInWindow(browser, site, here.email);
    const close = () => Promise.all([here.close(), there.close()]);
    return { here, there, close };
  }

  async function open(page: Page, title: string): Promise<void> {
    await rowOf(page, title).getByRole("link").click();
    await page.locator("#panel .task").waitFor();
  }

  test("says that it is offline, keeps what could not be sent, and catches up by itself", async () => {
    const { here, there, close } = await twoWindows();
    const { page } = here;
    await addTask(page, "Before");
    await open(page, "Before");
    await page.context().setOffline(true);
    await page.evaluate(() => window.dispatchEvent(new Event("offline")));
    await page.locator(".title-input").fill("Typed offline");
    await page.keyboard.press("Enter");
    await page.locator(".field-title .error").getByText("there is no connection").waitFor();
    await page.getByLabel("New task").fill("Added offline");
    await page.keyboard.press("Enter");
    await page.locator("#add-error").getByText("Not added").waitFor();
    expect(await page.getByLabel("New task").inputValue()).toBe("Added offline");
    await addTask(there.page, "Meanwhile");

    await page.context().setOffline(false);
    await page.locator(".title-input").focus();
    await page.reload();
    await rowOf(page, "Meanwhile").waitFor();
    await waitFor(async () => (await page.locator(".title-input").inputValue()) === "Typed offline", {
      what: "the draft",
    });
    expect(await page.getByLabel("New task").inputValue()).toBe("Added offline");
    await page.locator(".title-input").press("End");
    await page.keyboard.type("!");
    await page.keyboard.press("Enter");
    await rowOf(there.page, "Typed offline!").waitFor();
    await close();
  });

  test("says that one is signed out when the session ends elsewhere", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    const { origin } = new URL(page.url());
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const ended = await fetch(`${origin}/api/auth/revoke-sessions`, { method: "POST", headers: { cookie, origin } });
    expect(ended.status).toBe(204);
    await page.locator("#line").getByRole("link", { name: "Sign in" }).waitFor();
    await close();
  });

  test("leads to the sign-in when it comes back after the session ended", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await page.context().clearCookies();
    await page.evaluate(() => {
      window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    });
    await page.waitForURL("**/sign-in*");
    await close();
  });

  test("of an older release is loaded whole when it meets a newer one", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await page.evaluate(() => {
      document.body.dataset.release = "older";
      Reflect.set(window, "old", true);
    });
    await page.locator("#nav").getByRole("link", { name: /Today/ }).click();
    await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
    await waitFor(async () => !(await page.evaluate(() => Reflect.has(window, "old"))), { what: "a page of its own" });
    expect(page.url()).toEndWith("/today");
    await close();
  });

  test("says what was done for 8 seconds, longer under the pointer", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await page.clock.install();
    await page.reload();
    await addTask(page, "Ephemera");
    await rowOf(page, "Ephemera").getByRole("button", { name: "Complete" }).click();
    const toast = page.locator(".toast");
    await toast.hover();
    await page.clock.runFor(9_000);
    expect(await toast.count()).toBe(1);
    await page.mouse.move(5, 5);
    await page.clock.runFor(3_000);
    expect(await toast.count()).toBe(0);
    await page.keyboard.press("z");
    await rowOf(page, "Ephemera").waitFor();
    await close();
  });

  test("reopens the editor with what was typed in it and not saved", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await addTask(page, "Programme notes");
    await open(page, "Programme notes");
    await page.getByRole("link", { name: "Write" }).click();
    await page.getByLabel("Notes in Markdown").fill("Half a sentence");
    await page.getByRole("link", { name: "Close the task" }).click();
    await page.locator("#panel").waitFor({ state: "hidden" });
    await open(page, "Programme notes");
    await page.getByText("Not saved yet.").waitFor();
    expect(await page.getByLabel("Notes in Markdown").inputValue()).toBe("Half a sentence");
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("link", { name: "Write" }).waitFor();
    await close();
  });

  test("comes back by itself when the server was away, and misses nothing", async () => {
    const window = await signedUpWindow(browser, site);
    const { page } = window;
    let away = true;
    await page.route("**/sync/events*", (route) =>
      away ? route.fulfill({ status: 503, body: "" }) : route.fallback(),
    );
    await page.reload();
    await page.locator("#line").getByText("No connection").waitFor();
    const other = await signInWindow(browser, site, window.email);
    await addTask(other.page, "While it was away");
    away = false;
    await rowOf(page, "While it was away").waitFor();
    await page.locator("#line").getByText("Connected again").waitFor();
    await Promise.all([window.close(), other.close()]);
  });
});
