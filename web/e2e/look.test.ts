import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith, waitFor } from "@rondo/testing";
import { findWithAxe, type Page, startBrowser, type TestBrowser } from "@rondo/testing/browser";
import { addTask, rowOf, type Site, signedUpWindow, startSite } from "./site.ts";

/** Pages and states, one after the other, beginning with a fresh account. */
const places: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  "the empty Inbox": (page) => page.goto("/inbox"),
  "a list": seed,
  "a task": async (page) => {
    await rowOf(page, "Pay rent").getByRole("link").click();
    await page.locator("#panel .task").waitFor();
  },
  "notes being edited": async (page) => {
    await page.getByRole("link", { name: "Write" }).click();
    await page.locator(".notes-input").waitFor();
  },
  "a task on its own": async (page) => {
    await page.goto(`/tasks/${await page.locator("#panel .task").getAttribute("data-id")}`);
  },
  Today: (page) => page.goto("/today"),
  "the bin": (page) => page.goto("/bin"),
  projects: (page) => page.goto("/projects"),
  account: (page) => page.goto("/account"),
  "the keys": async (page) => {
    await page.keyboard.press("?");
    await page.locator("#keys[open]").waitFor();
  },
  "a missing page": (page) => page.goto("/nowhere"),
  "what a problem means": (page) => page.goto("/problems/stale"),
  "the interface": (page) => page.goto("/api/docs"),
  "signing in": (page) => page.goto("/sign-in"),
};

async function seed(page: Page): Promise<void> {
  await addTask(page, "Pay rent");
  await addTask(page, "Read");
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("2");
  await page.locator('.row[data-priority="high"]').waitFor();
}

/** What a first page is made of. */
const parts = 5;

describeWith("chromium", "every page", (path) => {
  let site: Site;
  let browser: TestBrowser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), startBrowser(path)]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`has nothing that axe finds, in ${colorScheme}`, async () => {
      const { page, close } = await signedUpWindow(browser, site, { colorScheme });
      for (const [name, go] of Object.entries(places)) {
        await go(page);
        expect({ name, found: await findWithAxe(page) }).toEqual({ name, found: [] });
      }
      await close();
    });
  }

  test("fits a phone of 320 pixels: nothing to scroll sideways, targets of 44, and nothing for axe", async () => {
    const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
    const { page, close } = await signedUpWindow(browser, site, phone);
    for (const [name, go] of Object.entries(places)) {
      await go(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect({ name, width }).toEqual({ name, width: 320 });
      expect({ name, small: await smallTargets(page) }).toEqual({ name, small: [] });
      expect({ name, found: await findWithAxe(page) }).toEqual({ name, found: [] });
    }
    await close();
  });

  test("loads in 50 kB, from nowhere else, and nothing moves", async () => {
    const { page, troubles, close } = await signedUpWindow(browser, site);
    await seed(page);
    const context = page.context();
    const fresh = await context.newPage();
    const session = await context.newCDPSession(fresh);
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    const sizes = new Map<string, number>();
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      sizes.set(requestId, encodedDataLength);
    });
    await fresh.goto("/inbox");
    await waitFor(() => sizes.size >= parts, { what: "page, styles, script, sprite and icon" });
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size);
    const shift = await fresh.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += Number(Reflect.get(entry, "value"));
          }).observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => setTimeout(() => resolve(sum)));
        }),
    );
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThan(50_000);
    expect(shift).toBe(0);
    expect(troubles()).toEqual([]);
    await close();
  });
});

/** What one would press and that is less than 44 pixels high or 24 wide; links within a text are exempt (WCAG 2.5.8). */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        "button, summary, select, .button, .quiet, nav a, .row, .segment, input:not([type=hidden], [type=radio], [type=checkbox])",
      ),
    ]
      .filter(
        (element) => element.checkVisibility({ checkVisibilityCSS: true }) && element.getBoundingClientRect().width > 1,
      )
      .filter((element) => element.getBoundingClientRect().height < 43.5 || element.getBoundingClientRect().width < 24)
      .map(
        (element) =>
          `${element.tagName}.${element.className} ${element.textContent} ${element.getBoundingClientRect().height}`,
      ),
  );
}
