import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Answer, type Site, startSite } from "./testing/site.ts";

// Passwords are costly on purpose, and these tests try many.
setDefaultTimeout(30_000);

const sites: Site[] = [];
async function start(env: Readonly<Record<string, string>>): Promise<Site> {
  const site = await startSite(env);
  sites.push(site);
  return site;
}
afterAll(async () => {
  for (const site of sites) await site.close();
});

/** A wrong password for one account, by the interface (even) or by the page (odd), as a proxy hands it on. */
function attempt(site: Site, number: number, forwarded: string): Promise<Answer> {
  const wrong = { email: "ada@example.org", password: `wrong ${number}` };
  const headers = { "x-forwarded-for": forwarded };
  return number % 2 === 0
    ? site.ask(undefined, "POST", "/api/auth/sign-in/email", { body: wrong, headers })
    : site.ask(undefined, "POST", "/sign-in", { body: new URLSearchParams(wrong), headers });
}

async function statuses(site: Site, forwarded: readonly string[]): Promise<readonly number[]> {
  const seen: number[] = [];
  for (const [number, from] of forwarded.entries()) seen.push((await attempt(site, number, from)).status);
  return seen;
}

const ten401 = Array.from({ length: 10 }, () => 401);

describe("by way of a proxy", () => {
  test("that is trusted, tries count for the client that it names, on the page as in the interface", async () => {
    const site = await start({ RONDO_TRUSTED_PROXIES: "192.0.2.0/24, 127.0.0.1" });
    const client = Array.from({ length: 12 }, () => "203.0.113.1");
    expect(await statuses(site, client)).toEqual([...ten401, 429, 429]);
    const neighbours = ["203.0.113.2", "203.0.113.3"];
    expect(await statuses(site, neighbours)).toEqual([401, 401]);
    // What stands further left was said by the client; what a trusted proxy further right wrote is its own name.
    const invented = ["203.0.113.4, 203.0.113.1", "203.0.113.5, 203.0.113.1, 192.0.2.9"];
    expect(await statuses(site, invented)).toEqual([429, 429]);
  });

  test("that is not trusted, tries count for the proxy, whatever it says", async () => {
    const site = await start({ RONDO_TRUSTED_PROXIES: "192.0.2.0/24" });
    const clients = Array.from({ length: 12 }, (_, number) => `203.0.113.${number}`);
    expect(await statuses(site, clients)).toEqual([...ten401, 429, 429]);
  });
});

describe("calls in a minute", () => {
  let site: Site;
  beforeAll(async () => {
    site = await start({ RONDO_REQUESTS_PER_MINUTE: "20" });
  });

  test.each(["/api/v1/tasks", "/api/v1/audit"])("are limited for one person as configured: %s", async (path) => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => site.ask(site.eve, "GET", path)));
    const told = answers.filter(({ status }) => status === 429);
    expect(told.length).toBeGreaterThanOrEqual(10);
    expect((await site.ask(site.ada, "GET", path)).status).toBe(200);
  });
});
