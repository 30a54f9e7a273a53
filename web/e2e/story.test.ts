import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith, waitFor } from "@rondo/testing";
import { startBrowser, type TestBrowser } from "@rondo/testing/browser";
import { addTask, rowOf, type Site, signedUpWindow, signInWindow, startSite } from "./site.ts";
import { newcomersStory } from "./story.ts";

describeWith("chromium", "a newcomer", (path) => {
  let site: Site;
  let browser: TestBrowser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), startBrowser(path)]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  test(
    "signs up, adds, edits in place, completes, deletes and takes it all back; a second window and the history show each step",
    () => newcomersStory(browser, site),
    60_000,
  );

  test("makes a project, renames it, gives it a colour, moves a task there, and archives it", async () => {
    const { page, close, troubles } = await signedUpWindow(browser, site);
    await addTask(page, "Book the ferry");
    await page.getByRole("link", { name: "New project" }).click();
    await page.getByLabel("Name").fill("Journey");
    await page.getByRole("radio", { name: "Teal" }).check();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { level: 1, name: "Journey" }).waitFor();
    await page.locator("summary[aria-label='Edit Journey']").click();
    await page.getByLabel("Name").fill("Journey to Lisbon");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Journey to Lisbon" }).waitFor();
    expect(await page.locator("#nav .dot[data-color=teal]").count()).toBe(1);

    await page.locator("#nav").getByRole("link", { name: /Inbox/ }).click();
    await rowOf(page, "Book the ferry").getByRole("link").click();
    await page.locator("#panel").getByLabel("Project").selectOption({ label: "Journey to Lisbon" });
    await rowOf(page, "Book the ferry").waitFor({ state: "detached" });
    await page.locator("#nav").getByRole("link", { name: "Journey to Lisbon" }).click();
    await rowOf(page, "Book the ferry").waitFor();

    await page.locator("summary[aria-label='Edit Journey to Lisbon']").click();
    await page.getByRole("button", { name: "Archive" }).click();
    await page.getByRole("button", { name: "Bring back Journey to Lisbon" }).waitFor();
    await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await page.locator("#nav").getByText("Journey to Lisbon").waitFor();
    expect(await page.getByRole("button", { name: "Bring back Journey to Lisbon" }).count()).toBe(0);
    await page.locator("#nav").getByRole("link", { name: "Journey to Lisbon" }).click();
    await page.locator("summary[aria-label='Edit Journey to Lisbon']").click();
    await page.getByRole("button", { name: "Archive" }).click();
    await page.getByRole("button", { name: "Bring back Journey to Lisbon" }).waitFor();
    expect(await page.locator("#nav").getByText("Journey to Lisbon").count()).toBe(0);
    await page.getByRole("button", { name: "Bring back Journey to Lisbon" }).click();
    await rowOf(page, "Book the ferry").waitFor();
    expect(troubles()).toEqual([]);
    await close();
  });

  test("makes a token that is shown once, and signs out of another browser", async () => {
    const here = await signedUpWindow(browser, site);
    const there = await signInWindow(browser, site, here.email);
    const { page } = here;
    await page.goto("/account");
    await page.getByText("New token").click();
    await page.getByLabel("Name").fill("Script");
    await page.getByRole("button", { name: "Create token" }).click();
    const token = await page.getByLabel(/The token “Script”/).inputValue();
    expect(token).toStartWith("rondo_pat_");
    const asks = () => fetch(new URL("/api/v1/tasks", site.url), { headers: { authorization: `Bearer ${token}` } });
    expect((await asks()).status).toBe(200);
    await page.goto("/account");
    expect(await page.content()).not.toContain(token);
    await page.getByRole("button", { name: "Revoke Script" }).click();
    await page.getByText("The token is revoked").waitFor();
    expect((await asks()).status).toBe(401);

    await page.getByRole("button", { name: "Sign out the others" }).click();
    await page.getByText("Signed out everywhere else").waitFor();
    await waitFor(
      async () => {
        await there.page.goto("/today");
        return there.page.url().includes("/sign-in");
      },
      { what: "the other browser to be signed out", everyMs: 500 },
    );
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.waitForURL("**/sign-in");
    await Promise.all([here.close(), there.close()]);
  });
});
