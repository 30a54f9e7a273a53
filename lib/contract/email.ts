import { type } from "arktype";

const rule = "an e-mail address such as ada@example.org";

// One way to match each text: every repetition begins with a separator that the one before cannot take (no backtracking).
const local = /^[A-Za-z0-9_+-]+(?:['.][A-Za-z0-9_+-]+)*$/;
const domain = /^(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}$/;

/** RFC 5321 without quoted local parts and address literals; trimmed and in lower case, so that one mailbox is one account. */
export const emailSchema = type("3 <= string <= 254")
  .describe(rule)
  .narrow((text, ctx) => isEmail(text.trim()) || ctx.reject({ expected: rule, actual: "" }))
  .pipe((text) => text.trim().toLowerCase());

function isEmail(text: string): boolean {
  const [name = "", host = "", ...rest] = text.split("@");
  return rest.length === 0 && local.test(name) && domain.test(host);
}
