import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith, waitFor } from "@rondo/testing";
import { type Page, startBrowser, type TestBrowser } from "@rondo/testing/browser";
import { addTask, rowOf, type Site, signedUpWindow, signInWindow, startSite } from "./site.ts";

describeWith("chromium", "an open page", (path) => {
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

  async function rename(page: Page, title: string): Promise<void> {
    await page.locator("#panel").getByLabel("Title").fill(title);
    await page.keyboard.press("Enter");
    await rowOf(page, title).waitFor();
  }

  test("keeps focus, caret and unsaved text when the same task changes elsewhere", async () => {
    const { here, there, close } = await twoWindows();
    const { page } = here;
    await addTask(page, "Practise scales");
    await open(page, "Practise scales");
    await page.getByRole("link", { name: "Write" }).click();
    const notes = page.getByLabel("Notes in Markdown");
    await notes.pressSequentially("Slowly at first");
    for (let left = 6; left > 0; left--) await page.keyboard.press("ArrowLeft");

    await rowOf(there.page, "Practise scales").waitFor();
    await open(there.page, "Practise scales");
    await rename(there.page, "Practise arpeggios");

    await rowOf(page, "Practise arpeggios").waitFor();
    await waitFor(async () => (await page.locator(".title-input").inputValue()) === "Practise arpeggios", {
      what: "the new title",
    });
    expect(await notes.inputValue()).toBe("Slowly at first");
    const caret = await notes.evaluate((field) =>
      field instanceof HTMLTextAreaElement ? [field === document.activeElement, field.selectionStart] : [],
    );
    expect(caret).toEqual([true, 9]);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator(".prose").getByText("Slowly at first").waitFor();
    expect(await page.locator(".title-input").inputValue()).toBe("Practise arpeggios");
    await close();
  });

  test("shows both titles when the same one was edited in two windows", async () => {
    const { here, there, close } = await twoWindows();
    const { page } = here;
    await addTask(page, "Serenade");
    await rowOf(there.page, "Serenade").waitFor();
    await open(page, "Serenade");
    await open(there.page, "Serenade");
    await page.locator(".title-input").press("End");
    await page.keyboard.type(" in G");
    await rename(there.page, "Serenade in B flat");
    await rowOf(page, "Serenade in B flat").waitFor();
    expect(await page.locator(".title-input").inputValue()).toBe("Serenade in G");
    await page.locator(".title-input").press("Enter");
    const conflict = page.locator(".conflict");
    await conflict.waitFor();
    expect(await conflict.getByRole("textbox").inputValue()).toBe("Serenade in G");
    expect(await conflict.textContent()).toContain("Serenade in B flat");
    await conflict.getByRole("button", { name: "Save yours" }).click();
    await rowOf(there.page, "Serenade in G").waitFor();
    expect(here.troubles().filter((trouble) => !trouble.includes("412"))).toEqual([]);
    await close();
  });

  test("says why a row goes that the reader is on, and lets it go when they go on", async () => {
    const { here, there, close } = await twoWindows();
    const { page } = here;
    for (const title of ["One", "Two"]) await addTask(page, title);
    await rowOf(there.page, "Two").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await rowOf(there.page, "Two").getByRole("button", { name: "Complete" }).click();
    const leaving = page.locator(".row[data-leaving]");
    await leaving.waitFor();
    expect(await leaving.textContent()).toContain("Completed elsewhere");
    expect(await page.locator(":focus").textContent()).toBe("Two");
    await page.keyboard.press("j");
    await leaving.waitFor({ state: "detached" });
    expect(await page.locator(":focus").textContent()).toBe("One");
    await close();
  });

  test("of nine tabs holds one stream, and shows each change in all of them", async () => {
    const window = await signedUpWindow(browser, site);
    const streams = new Set<string>();
    const pages = [window.page];
    for (let more = 0; more < 8; more++) {
      const page = await window.tab();
      page.on("request", (request) => {
        if (request.url().includes("/sync/events")) streams.add(request.url());
      });
      await page.goto("/inbox");
      pages.push(page);
    }
    await addTask(window.page, "Everywhere");
    await Promise.all(pages.map((page) => rowOf(page, "Everywhere").waitFor()));
    expect(streams.size).toBe(0);

    await window.page.close();
    const [first, second] = pages.slice(1);
    if (!first || !second) throw new Error("there are eight more");
    await waitFor(() => streams.size === 1, { what: "another tab to take the stream over" });
    await addTask(first, "Still everywhere");
    await rowOf(second, "Still everywhere").waitFor();
    expect(window.troubles()).toEqual([]);
    await window.close();
  });

  test("does not go back to an older answer that comes late", async () => {
    const { here, there, close } = await twoWindows();
    const { page } = here;
    const late = Promise.withResolvers<void>();
    let held = 0;
    await page.route("**/inbox", async (route) => {
      if (route.request().headers()["hx-target"] !== "section#list" || held++ > 0) return route.fallback();
      const response = await route.fetch();
      await late.promise;
      return route.fulfill({ response });
    });
    await addTask(there.page, "From elsewhere");
    await waitFor(() => held > 0, { what: "the refresh to be on its way" });
    await addTask(page, "My own");
    late.resolve();
    await waitFor(() => held > 1, { what: "the refresh after it" });
    await rowOf(page, "From elsewhere").waitFor();
    expect(await rowOf(page, "My own").count()).toBe(1);
    await close();
  });

  test("that the reader went on to is not overwritten by an answer for the one before", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await addTask(page, "Left behind");
    await addTask(page, "Stays in the Inbox");
    const late = Promise.withResolvers<void>();
    let held = false;
    await page.route("**/completion", async (route) => {
      const response = await route.fetch();
      held = true;
      await late.promise;
      return route.fulfill({ response });
    });
    await rowOf(page, "Left behind").getByRole("button", { name: "Complete" }).click();
    await waitFor(() => held, { what: "the completion to be under way" });
    await page.locator("#nav").getByRole("link", { name: /Today/ }).click();
    await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
    late.resolve();
    await page.locator(".toast").getByText("Completed").waitFor();
    expect(await page.locator("h1").textContent()).toBe("Today");
    expect(await page.locator(".row").count()).toBe(0);
    await close();
  });
});
