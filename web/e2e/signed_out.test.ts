import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith } from "@rondo/testing";
import { startBrowser, type TestBrowser } from "@rondo/testing/browser";
import { addTask, type Site, signedUpWindow, startSite } from "./site.ts";

describeWith("chromium", "after sign-out", (path) => {
  let site: Site;
  let browser: TestBrowser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), startBrowser(path)]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  test("Back asks to sign in and shows nothing of what was there", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await addTask(page, "Nobody else's business");
    await page.goto(`${site.url}/account`);
    await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
    await page.waitForURL(/sign-in/);
    for (const _ of ["the account", "the list"]) {
      await page.goBack();
      await page.getByLabel("Password").waitFor();
      expect(await page.content()).not.toContain("Nobody else's business");
    }
    await close();
  });

  test("a page that the browser had put aside is loaded again when it comes back", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await addTask(page, "Put aside");
    // Signed out in another window; then this page comes back as it was. (A browser that is driven puts no pages aside.)
    await page.context().clearCookies({ name: "rondo_session" });
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await page.waitForURL(/sign-in/);
    expect(await page.content()).not.toContain("Put aside");
    await close();
  });
});
