import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith } from "@rondo/testing";
import { type Page, startBrowser, type TestBrowser } from "@rondo/testing/browser";
import { addTask, focused, rowOf, type Site, signedUpWindow, startSite } from "./site.ts";

describeWith("chromium", "with nothing but keys", (path) => {
  let site: Site;
  let browser: TestBrowser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), startBrowser(path)]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  const press = async (page: Page, ...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  test("one adds, opens, edits, dates, completes, undoes and deletes, and the focus goes where the work goes", async () => {
    const { page, troubles, close } = await signedUpWindow(browser, site);
    await press(page, "q");
    for (const title of ["First", "Second"]) {
      await page.keyboard.type(title);
      await press(page, "Enter");
      await rowOf(page, title).waitFor();
    }
    expect(await focused(page)).toBe("add-title");

    await press(page, "Escape", "j");
    expect(await page.locator(":focus").textContent()).toBe("Second");
    await press(page, "j", "k", "2");
    await page.locator('.row[data-priority="high"]').waitFor();
    expect(await page.locator(":focus").textContent()).toBe("Second");

    await press(page, "Enter");
    await page.locator("#panel .task:focus").waitFor();
    await press(page, "e", "Control+A");
    await page.keyboard.type("Second, renamed");
    await press(page, "Enter");
    await rowOf(page, "Second, renamed").waitFor();
    await press(page, "d");
    expect(await page.locator(":focus").getAttribute("type")).toBe("date");
    await press(page, "Escape", "Escape");
    await page.locator("#panel").waitFor({ state: "hidden" });
    expect(await page.locator(":focus").textContent()).toBe("Second, renamed");

    await press(page, "Space");
    await rowOf(page, "Second, renamed").waitFor({ state: "detached" });
    await page.locator(".row-title:focus").waitFor();
    expect(await page.locator(":focus").textContent()).toBe("First");
    await press(page, "z");
    await rowOf(page, "Second, renamed").waitFor();
    await press(page, "#");
    await rowOf(page, "First").waitFor({ state: "detached" });
    expect(troubles()).toEqual([]);
    await close();
  });

  test("one goes from place to place, and Back is where one was", async () => {
    const { page, troubles, close } = await signedUpWindow(browser, site);
    await addTask(page, "Here");
    await press(page, "Escape", "g", "t");
    await page.waitForURL("**/today");
    await page.locator("h1:focus").waitFor();
    expect(await page.title()).toBe("Today · Rondo");
    await page.goBack();
    await rowOf(page, "Here").waitFor();
    expect(await page.title()).toBe("Inbox · Rondo");
    expect(troubles()).toEqual([]);
    await close();
  });

  test("no key acts while one types, in a dialog, or when they are turned off", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await page.getByLabel("New task").pressSequentially("quiet z#1gt?");
    expect(await page.getByLabel("New task").inputValue()).toBe("quiet z#1gt?");
    await press(page, "Escape", "?");
    await page.locator("#keys[open]").waitFor();
    await press(page, "g", "t");
    expect(page.url()).toEndWith("/inbox");
    await press(page, "Escape");
    await page.locator("#keys").waitFor({ state: "hidden" });
    await page.goto("/account");
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByText("lists: off").waitFor();
    await press(page, "?");
    expect(await page.locator("#keys[open]").count()).toBe(0);
    await close();
  });

  test("the first Tab offers the way past the side bar", async () => {
    const { page, close } = await signedUpWindow(browser, site);
    await page.goto("/today");
    await press(page, "Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to the content");
    await press(page, "Enter");
    expect(await focused(page)).toBe("main");
    await close();
  });
});
