import { type BrowserContextOptions, chromium, type Page } from "playwright-core";

export type { BrowserContextOptions, Locator, Page } from "playwright-core";

/** A window of its own: cookies, storage and cache are shared with no other window, only with its own further tabs. */
export interface TestWindow {
  readonly page: Page;
  /** Another tab of the same window. */
  tab(): Promise<Page>;
  /** What went wrong so far: errors in the console, violations of the content security policy, requests to elsewhere. */
  troubles(): readonly string[];
  /** Forgets what went wrong and was meant to. */
  forgive(): void;
  close(): Promise<void>;
}

export interface TestBrowser {
  window(options?: BrowserContextOptions): Promise<TestWindow>;
  close(): Promise<void>;
}

/** One finding of axe: the rule and the places that break it. */
export interface Finding {
  readonly rule: string;
  readonly places: readonly string[];
}

/** Root needs the first; the others keep the browser from asking anything of anybody. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long a step waits for its element: less than a test may take, so that the failure names the step. */
const deadlineMs = 60_000;

/** Starts the Chromium at `path` (see `engine("chromium")`), without a screen. */
export async function startBrowser(path: string): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: path, args: flags });
  return {
    async window(options = {}) {
      const context = await browser.newContext({
        locale: "en-GB",
        timezoneId: "Europe/Warsaw",
        reducedMotion: "reduce",
        ...options,
      });
      context.setDefaultTimeout(deadlineMs);
      const troubles: string[] = [];
      const watch = (page: Page): Page => {
        page.on("console", (message) => {
          if (message.type() === "error") troubles.push(`console: ${message.text()}`);
        });
        page.on("pageerror", (error) => troubles.push(`script: ${error.message}`));
        page.on("request", (request) => {
          if (!isOurs(request.url())) troubles.push(`request to elsewhere: ${request.url()}`);
        });
        return page;
      };
      await context.exposeFunction("rondoViolation", (text: string) => troubles.push(`policy: ${text}`));
      await context.addInitScript(reportViolations);
      return {
        page: watch(await context.newPage()),
        tab: async () => watch(await context.newPage()),
        troubles: () => troubles,
        forgive: () => {
          troubles.length = 0;
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

/** Runs in the page. */
function reportViolations(): void {
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    const report: unknown = Reflect.get(window, "rondoViolation");
    if (typeof report === "function") report(`${violatedDirective} ${blockedURI}`);
  });
}

function isOurs(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "data:" || protocol === "blob:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong with the page as it is now. Its source goes in by the debugger: the page's policy stops a script tag. */
export async function findWithAxe(page: Page): Promise<readonly Finding[]> {
  const source = await Bun.file(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir)).text();
  await page.evaluate(source);
  const run = `axe.run({ runOnly: ${JSON.stringify(standards)} }).then(({ violations }) => violations.map(({ id, nodes }) => ({
    rule: id, places: nodes.map(({ target, failureSummary }) => target.join(" ") + ": " + failureSummary) })))`;
  return page.evaluate(run);
}
