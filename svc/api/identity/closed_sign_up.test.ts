import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { createIdentityFixture, type IdentityFixture, newEmail, problemOf } from "./identity.fixture.ts";

// Passwords are costly on purpose.
setDefaultTimeout(30_000);

let api: IdentityFixture;
beforeAll(async () => {
  api = await createIdentityFixture({ signUp: "closed" });
});
afterAll(() => api.close());

const people = async () => (await api.sql`select email from api."user"`).length;

test("where sign-up is closed, exactly one first account is made, however many try at once; then nobody's", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => api.signUp()));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403, 403, 403, 403, 403]);
  expect(await people()).toBe(1);
  const late = await api.signUp();
  expect(late.status).toBe(403);
  expect(late.headers.getSetCookie()).toEqual([]);
  expect((await problemOf(late)).detail).toBe("Nobody can sign up here. Ask whoever runs this Rondo for an account.");
  expect(await people()).toBe(1);
});

test("a closed sign-up does not tell whether an address has an account, and who has one signs in", async () => {
  const [row] = await api.sql<{ email: string }[]>`select email from api."user"`;
  const email = row?.email ?? "";
  const [known, unknown] = [await api.signUp({ email }), await api.signUp({ email: newEmail() })];
  const seen = async (answer: Response) => {
    const { type, detail } = await problemOf(answer);
    return { status: answer.status, type, detail };
  };
  expect(await seen(known)).toEqual(await seen(unknown));
  expect((await api.signIn(email)).status).toBe(200);
});
