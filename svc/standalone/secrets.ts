import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What must stay the same from start to start, or everybody is signed out. */
export interface Secrets {
  /** Signs sessions and encrypts the signing key of the service tokens. */
  readonly auth_secret: string;
}

/**
 * Reads the secrets of a data folder, made at its first start: 256 random bits, in `secrets.json`, readable by its owner only.
 * Written whole under another name and then linked into place, so a start that is killed half-way leaves nothing half-written, and of two starts one wins.
 * @throws Error in one line when the file is there and cannot be used.
 */
export function loadSecrets(dataFolder: string): Secrets {
  const file = join(dataFolder, "secrets.json");
  if (!existsSync(file)) createSecrets(file);
  chmodSync(file, 0o600);
  return parseSecrets(file, readFileSync(file, "utf8"));
}

function createSecrets(file: string): void {
  const draft = `${file}.${process.pid}`;
  const secrets: Secrets = { auth_secret: randomBytes(32).toString("base64url") };
  try {
    writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function parseSecrets(file: string, text: string): Secrets {
  const broken = `${file} is damaged: put it back from a backup, or delete it (everybody is then signed out)`;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(broken);
  }
  if (typeof content !== "object" || content === null || !("auth_secret" in content)) throw new Error(broken);
  const { auth_secret } = content;
  if (typeof auth_secret !== "string" || auth_secret.length < 32) throw new Error(broken);
  return { auth_secret };
}
