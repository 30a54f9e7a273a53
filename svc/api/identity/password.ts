import { isStreamSafe } from "@rondo/task";
import { type Traversal, type } from "arktype";

/** OWASP's parameters for argon2id: 19 MiB, 2 passes; 34 ms here, on a thread of its own. */
const argon2id = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

const lengthRule = "8 to 128 characters";

/** A password to be. */
export const newPasswordSchema = type("8 <= string <= 128")
  .describe(lengthRule)
  .narrow((text, ctx) => text.isWellFormed() || ctx.reject({ expected: lengthRule, actual: "" }))
  .narrow(canBeNormalized);

/** A password to be compared. One of another length than a new one can only be wrong, but that is not for this schema to say. */
export const presentedPasswordSchema = type("1 <= string <= 1024").narrow(canBeNormalized);

function canBeNormalized(text: string, ctx: Traversal): boolean {
  return isStreamSafe(text) || ctx.reject({ expected: "text with at most 30 combining marks in a row", actual: "" });
}

/** The same password typed on another keyboard may come in another Unicode form (RFC 8265 section 4.2). */
const normalize = (password: string): string => password.normalize("NFKC");

export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(normalize(password), argon2id);
}

export function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  return Bun.password.verify(normalize(password), hash);
}
