import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the standalone keeps beside its PostgreSQL: without it every session ends and the keys of tokens cannot be read. */
export const secretsFile = (dataDir: string): string => join(dataDir, "secrets.json");

/** Its text; null where there is none, for the secret then comes from the environment. */
export function readSecrets(dataDir: string): string | null {
  const file = secretsFile(dataDir);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}
