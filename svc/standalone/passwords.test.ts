import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Answer, type Site, startSite } from "./testing/site.ts";

/** Wrong ones for one account: through the interface and through the page, from one address that also lies about it. */
const tries = 1_000;

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

test("of 1,000 wrong passwords ten are looked at, whichever way they come; then even the right one has to wait", async () => {
  const email = "often@example.org";
  const password = "correct horse battery";
  const body = { name: "Often", email, password };
  expect((await site.ask(undefined, "POST", "/api/auth/sign-up/email", { body })).status).toBe(200);

  const attempt = (number: number): Promise<Answer> => {
    const headers = { "x-forwarded-for": `203.0.113.${number % 250}`, forwarded: `for=203.0.113.${number % 250}` };
    const wrong = { email: number % 3 === 0 ? ` ${email.toUpperCase()}` : email, password: `wrong ${number}` };
    return number % 2 === 0
      ? site.ask(undefined, "POST", "/api/auth/sign-in/email", { body: wrong, headers })
      : site.ask(undefined, "POST", "/sign-in", { body: new URLSearchParams(wrong), headers });
  };
  const answers: Answer[] = [];
  for (let number = 0; number < tries; number += 50)
    answers.push(...(await Promise.all(Array.from({ length: 50 }, (_, index) => attempt(number + index)))));

  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect({ looked: count(401), told: count(429) }).toEqual({ looked: 10, told: tries - 10 });
  const told = answers.find(({ status, headers }) => status === 429 && headers.get("content-type")?.includes("json"));
  expect(Number(told?.headers.get("retry-after"))).toBeWithin(1, 61);
  const right = await site.ask(undefined, "POST", "/api/auth/sign-in/email", { body: { email, password } });
  expect(right.status).toBe(429);
  expect(right.headers.getSetCookie()).toEqual([]);
});

test("who knows their own password is not kept out by it", async () => {
  const body = { name: "Other", email: "other@example.org", password: "correct horse battery" };
  expect((await site.ask(undefined, "POST", "/api/auth/sign-up/email", { body })).status).toBe(200);
});
