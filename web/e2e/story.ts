import { expect } from "bun:test";
import { waitFor } from "@rondo/testing";
import { findWithAxe, type Page, type TestBrowser } from "@rondo/testing/browser";
import { addTask, rowOf, type SiteAddress, signedUpWindow, signInWindow } from "./site.ts";

/**
 * What a newcomer does, told for any Rondo that answers at `site`, whatever carries its events: they sign up, add, edit in
 * place, complete, delete and take it all back, a second window shows each step without being touched, and the history
 * knows it all. Nothing goes wrong in either window on the way (console, policy, requests to elsewhere), and axe finds nothing.
 */
export async function newcomersStory(browser: TestBrowser, site: SiteAddress): Promise<void> {
  const here = await signedUpWindow(browser, site);
  const { page } = here;
  const there = await signInWindow(browser, site, here.email);
  const other = there.page;
  await addAndEdit(page, other);
  await completeAndUndo(page, other);
  await findInHistory(page);
  for (const window of [page, other]) expect(await findWithAxe(window)).toEqual([]);
  await deleteAndRestore(page, other);
  expect(here.troubles()).toEqual([]);
  expect(there.troubles()).toEqual([]);
  await Promise.all([here.close(), there.close()]);
}

async function addAndEdit(page: Page, other: Page): Promise<void> {
  await addTask(page, "Buy milk");
  expect(await page.getByLabel("New task").inputValue()).toBe("");
  await rowOf(other, "Buy milk").waitFor();

  await rowOf(page, "Buy milk").getByRole("link").click();
  const panel = page.locator("#panel");
  await panel.getByLabel("Title").fill("Buy oat milk");
  await page.keyboard.press("Enter");
  await rowOf(page, "Buy oat milk").waitFor();
  await rowOf(other, "Buy oat milk").waitFor();

  await panel.getByRole("link", { name: "Write" }).click();
  await panel.getByLabel("Notes in Markdown").fill("Two **litres**");
  await panel.getByRole("button", { name: "Save", exact: true }).click();
  expect(await panel.locator(".prose strong").textContent()).toBe("litres");

  await panel.getByRole("radio", { name: "High" }).check();
  await other.locator('.row[data-priority="high"]').waitFor();
  await panel.getByRole("button", { name: "Tomorrow" }).click();
  await rowOf(other, "Tomorrow").waitFor();

  await panel.getByRole("link", { name: "Close the task" }).click();
  await panel.waitFor({ state: "hidden" });
  expect(new URL(page.url()).search).toBe("");
}

async function completeAndUndo(page: Page, other: Page): Promise<void> {
  const [mine, theirs] = [rowOf(page, "Buy oat milk"), rowOf(other, "Buy oat milk")];
  await mine.getByRole("button", { name: "Complete" }).click();
  await mine.waitFor({ state: "detached" });
  await theirs.waitFor({ state: "detached" });
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await mine.waitFor();
  await theirs.waitFor();

  await page.getByRole("link", { name: "Show completed" }).click();
  await mine.getByRole("button", { name: "Complete" }).click();
  await page.getByRole("button", { name: "Reopen Buy oat milk" }).click();
  await page.getByRole("button", { name: "Complete Buy oat milk" }).waitFor();
  expect(new URL(page.url()).search).toBe("?completed=1");
}

/** Of the task beside the list: who did what, from what to what. */
async function findInHistory(page: Page): Promise<void> {
  await rowOf(page, "Buy oat milk").getByRole("link").click();
  const id = await page.locator("#panel .task").getAttribute("data-id");
  const trail = async () => (await page.request.get(`/tasks/${id}/history`)).text();
  await waitFor(async () => (await trail()).split("reopened").length === 3, { what: "both reopenings in the trail" });
  const history = page.locator(".history");
  await history.locator("summary").click();
  await history.getByText("You added this task").waitFor();
  const told = (await history.textContent())?.replaceAll(/\s+/g, " ");
  expect(told).toContain("TitleBuy milk → Buy oat milk");
  expect(told).toContain("PriorityNone → High");
  expect(told).toContain("You completed it today");
}

async function deleteAndRestore(page: Page, other: Page): Promise<void> {
  await page.locator("#panel").getByRole("link", { name: "Close the task" }).click();
  const [mine, theirs] = [rowOf(page, "Buy oat milk"), rowOf(other, "Buy oat milk")];
  await mine.hover();
  await page.getByRole("button", { name: "Delete Buy oat milk" }).click();
  await mine.waitFor({ state: "detached" });
  await theirs.waitFor({ state: "detached" });
  await page.locator("#nav").getByRole("link", { name: "Bin" }).click();
  await page.getByRole("button", { name: "Restore Buy oat milk" }).click();
  await theirs.waitFor();
  await page.locator("#nav").getByRole("link", { name: /Inbox/ }).click();
  await mine.waitFor();
}
