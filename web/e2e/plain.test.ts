import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith } from "@rondo/testing";
import { startBrowser, type TestBrowser } from "@rondo/testing/browser";
import { addTask, rowOf, type Site, signedUpWindow, startSite } from "./site.ts";

describeWith("chromium", "in other browsers", (path) => {
  let site: Site;
  let browser: TestBrowser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), startBrowser(path)]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  test("without JavaScript one adds, reads, edits, completes and undoes", async () => {
    const { page, troubles, close } = await signedUpWindow(browser, site, { javaScriptEnabled: false });
    await addTask(page, "By hand");
    await rowOf(page, "By hand").getByRole("link").click();
    const panel = page.locator("#panel");
    await panel.getByLabel("Title").fill("By hand alone");
    await panel.locator(".field-title").getByRole("button", { name: "Save" }).click();
    await rowOf(page, "By hand alone").waitFor();
    await panel.getByRole("radio", { name: "Urgent" }).check();
    await panel.locator(".field-priority").getByRole("button", { name: "Save" }).click();
    await page.locator('.row[data-priority="urgent"]').waitFor();
    await panel.getByRole("button", { name: "Tomorrow" }).click();
    await rowOf(page, "Tomorrow").waitFor();
    await panel.getByRole("link", { name: "Write" }).click();
    await panel.getByLabel("Notes in Markdown").fill("*slowly*");
    await panel.getByRole("button", { name: "Save", exact: true }).last().click();
    await panel.locator(".prose em").waitFor();
    await panel.getByRole("link", { name: "Close the task" }).click();
    await rowOf(page, "By hand alone").getByRole("button", { name: "Complete" }).click();
    await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await rowOf(page, "By hand alone").waitFor();
    expect(troubles()).toEqual([]);
    await close();
  });

  test("on a phone the task is a page, and Back is the list", async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const { page, troubles, close } = await signedUpWindow(browser, site, phone);
    await page.locator(".bottom").getByText("Add").tap();
    await page.keyboard.type("On the way");
    await page.keyboard.press("Enter");
    await rowOf(page, "On the way").waitFor();
    await rowOf(page, "On the way").getByRole("link").tap();
    await page.locator("#panel .task").waitFor();
    expect(await page.getByLabel("New task").isVisible()).toBe(false);
    await page.locator("#panel").getByRole("button", { name: "Today" }).tap();
    await page.locator("#panel .due[data-nearness=today]").waitFor();
    await page.goBack();
    await page.locator("#panel").waitFor({ state: "hidden" });
    await page.locator(".bottom").getByText("Today").tap();
    await rowOf(page, "On the way").waitFor();
    await rowOf(page, "On the way").getByRole("button", { name: "Complete" }).tap();
    await page.getByText("What is due today").waitFor();
    expect(troubles()).toEqual([]);
    await close();
  });

  test("today is the reader's today", async () => {
    const { page, close } = await signedUpWindow(browser, site, { timezoneId: "Pacific/Kiritimati" });
    const { page: other, close: closeOther } = await signedUpWindow(browser, site, { timezoneId: "Pacific/Niue" });
    const dueOf = async (at: typeof page) => {
      await at.goto("/today");
      const row = await addTask(at, "Now");
      await row.getByRole("link").click();
      return at.locator("#panel input[type=date]").inputValue();
    };
    expect(await dueOf(page)).not.toBe(await dueOf(other));
    await Promise.all([close(), closeOther()]);
  });
});
