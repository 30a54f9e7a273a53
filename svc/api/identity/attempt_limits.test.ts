import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { defaultRules } from "./attempt_limits.ts";
import { createIdentityFixture, type IdentityFixture, newEmail, problemOf } from "./identity.fixture.ts";

// Passwords are costly on purpose, and these tests try many.
setDefaultTimeout(30_000);

let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture({ attemptRules: defaultRules });
});
afterAll(() => api.close());

const from = (address: string) => ({ "x-forwarded-for": address });
const wrong = { password: "not this one" };
let networks = 0;
/** An address that no other test uses. */
function someAddress(): string {
  networks += 1;
  return `203.0.113.${networks}`;
}

async function statuses(times: number, attempt: (n: number) => Promise<Response>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let n = 0; n < times; n++) {
    const { status } = await attempt(n);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

test("a network that is refused leaves nothing behind for the addresses that it makes up", async () => {
  const rules = { ...defaultRules, network: { limit: 3, windowMs: 60_000 } };
  const strict = await createIdentityFixture({ attemptRules: rules });
  try {
    const guess = () => strict.signIn(newEmail(), wrong, from("198.51.100.7"));
    expect(await statuses(3, guess)).toEqual({ 401: 3 });
    const rows = async () => (await strict.sql`select from api.rate_limit`).length;
    const before = await rows();
    expect(await statuses(20, guess)).toEqual({ 429: 20 });
    expect(await rows()).toBe(before);
  } finally {
    await strict.close();
  }
});

describe("1,000 wrong passwords for one account from one address", () => {
  test("10 are looked at, the rest is told to wait", async () => {
    const { email } = await api.member();
    const address = someAddress();
    expect(await statuses(1_000, () => api.signIn(email, wrong, from(address)))).toEqual({ 401: 10, 429: 990 });
    const answer = await api.signIn(email, {}, from(address));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeWithin(1, 61);
    expect((await problemOf(answer)).type).toBe("/problems/too_many");

    // Neighbours behind the same address, and the owner from elsewhere, are not locked out.
    const neighbour = await api.member();
    expect((await api.signIn(neighbour.email, {}, from(address))).status).toBe(200);
    expect((await api.signIn(email, {}, from(someAddress()))).status).toBe(200);

    // Once the window is over the right password works again.
    await api.sql`update api.rate_limit set ends_at = now()`;
    expect((await api.signIn(email, {}, from(address))).status).toBe(200);
  });

  test("at once: not one more is looked at", async () => {
    const { email } = await api.member();
    const address = someAddress();
    const answers = await Promise.all(Array.from({ length: 60 }, () => api.signIn(email, wrong, from(address))));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50);
  });
});

describe("one network alone, guessing so slowly that the minute never stops it,", () => {
  const minuteEnds = () => api.sql`
    update api.rate_limit set ends_at = now() where name = 'sign-in by account and network'`;
  const guessSlowly = async (email: string, address: string) => {
    const counts: Record<number, number> = {};
    for (let minute = 0; minute < 20; minute++) {
      const these = await statuses(9, () => api.signIn(email, wrong, from(address)));
      for (const [status, count] of Object.entries(these))
        counts[Number(status)] = (counts[Number(status)] ?? 0) + count;
      await minuteEnds();
    }
    return counts;
  };

  test("has 30 passwords looked at in an hour, and locks nobody out who comes from elsewhere", async () => {
    const { email } = await api.member();
    const address = someAddress();
    expect(await guessSlowly(email, address)).toEqual({ 401: 30, 429: 150 });
    expect((await api.signIn(email, wrong, from(address))).status).toBe(429);
    expect((await api.signIn(email, {}, from(someAddress()))).status).toBe(200);
  });
});

test("an account that does not exist is limited in the same way", async () => {
  const [email, address] = [newEmail(), someAddress()];
  expect(await statuses(20, () => api.signIn(email, wrong, from(address)))).toEqual({ 401: 10, 429: 10 });
});

test("who signs in rightly is never limited", async () => {
  const { email } = await api.member();
  const address = someAddress();
  expect(await statuses(30, () => api.signIn(email, {}, from(address)))).toEqual({ 200: 30 });
});

test("signing up is no way around: it counts as a guess at the password", async () => {
  const { email } = await api.member();
  const address = someAddress();
  const guess = () =>
    api.post("/api/auth/sign-up/email", { name: "Eve", email, password: "not this one" }, from(address));
  expect(await statuses(15, guess)).toEqual({ 200: 10, 429: 5 });
});

describe("with smaller numbers:", () => {
  const rule = (limit: number) => ({ limit, windowMs: 60_000 });
  const many = rule(1_000);
  const noRules = {
    account_and_network: many,
    account_and_network_slow: many,
    network: many,
    account: many,
    sign_up: many,
  };
  const withRules = (rules: object) => {
    const attemptRules = { ...noRules, ...rules };
    return api.replica({ attemptRules });
  };

  test("one address that tries many accounts is stopped", async () => {
    const { signIn, close } = withRules({ network: rule(5) });
    const address = someAddress();
    expect(await statuses(8, () => signIn(newEmail(), wrong, from(address)))).toEqual({ 401: 5, 429: 3 });
    await close();
  });

  test("many addresses that try one account are stopped", async () => {
    const { signIn, close } = withRules({ account: rule(5) });
    const { email } = await api.member();
    expect(await statuses(8, () => signIn(email, wrong, from(someAddress())))).toEqual({ 401: 5, 429: 3 });
    await close();
  });

  test("nobody is locked out of a network where they signed in before, however many guess at the account or from there", async () => {
    const { signIn, close } = withRules({ account: rule(5), network: rule(5) });
    const { email } = await api.member();
    const home = someAddress();
    expect((await signIn(email, {}, from(home))).status).toBe(200);
    expect(await statuses(8, () => signIn(email, wrong, from(someAddress())))).toEqual({ 401: 5, 429: 3 });
    expect(await statuses(8, () => signIn(newEmail(), wrong, from(home)))).toEqual({ 401: 5, 429: 3 });
    expect((await signIn(email, {}, from(someAddress()))).status).toBe(429);
    expect((await signIn(email, {}, from(home))).status).toBe(200);
    await close();
  });

  test("a known network gives no more guesses than any: an account's are counted there as everywhere", async () => {
    const { signIn, close } = withRules({ account_and_network: rule(5), account: rule(3) });
    const { email } = await api.member();
    const home = someAddress();
    expect((await signIn(email, {}, from(home))).status).toBe(200);
    expect(await statuses(8, () => signIn(email, wrong, from(home)))).toEqual({ 401: 5, 429: 3 });
    await close();
  });

  test("all addresses of one IPv6 network are one client", async () => {
    const { signIn, close } = withRules({ account_and_network: rule(5) });
    const email = newEmail();
    expect(await statuses(8, (n) => signIn(email, wrong, from(`2001:db8:7:7::${n + 1}`)))).toEqual({ 401: 5, 429: 3 });
    await close();
  });

  test("accounts cannot be made without end from one address", async () => {
    const { post, close } = withRules({ sign_up: rule(3) });
    const address = someAddress();
    const signUp = () =>
      post("/api/auth/sign-up/email", { name: "A", email: newEmail(), password: "long enough" }, from(address));
    expect(await statuses(5, signUp)).toEqual({ 200: 3, 429: 2 });
    await close();
  });

  test("processes share the counts", async () => {
    const [one, two] = [withRules({ account_and_network: rule(4) }), withRules({ account_and_network: rule(4) })];
    const [email, address] = [newEmail(), someAddress()];
    expect(await statuses(8, (n) => (n % 2 ? one : two).signIn(email, wrong, from(address)))).toEqual({
      401: 4,
      429: 4,
    });
    await Promise.all([one.close(), two.close()]);
  });
});

test("the counters do not say who tried", async () => {
  const [email, address] = [newEmail(), someAddress()];
  await api.signIn(email, wrong, from(address));
  const text = JSON.stringify(
    await api.sql`select name, key from api.rate_limit
    union all select 'known network', key from api.known_network`,
  );
  expect(text).not.toContain(email);
  expect(text).not.toContain(address);
});
