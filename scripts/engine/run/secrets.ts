import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a service shows its sidecar, and what the sidecar shows the service. */
export interface Tokens {
  readonly dapr: string;
  readonly app: string;
}

/** What must stay the same from start to start, or everybody is signed out. */
export interface EngineSecrets {
  /** Signs sessions. */
  readonly auth_secret: string;
}

const fresh = (): string => randomBytes(32).toString("base64url");

/** New ones, for one run of a service and its sidecar. */
export const freshTokens = (): Tokens => ({ dapr: fresh(), app: fresh() });

/** Reads the secrets of a data folder, made at its first start, readable by their owner only. @throws Error when the file is damaged */
export function loadSecrets(folder: string): EngineSecrets {
  const file = join(folder, "secrets.json");
  if (existsSync(file)) return parse(file);
  const secrets = { auth_secret: fresh() };
  writePrivate(file, secrets);
  return secrets;
}

/** Writes the file of a service's secret store: variables and their values. Answers where it is. */
export function writeStore(folder: string, service: string, values: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${service}.json`);
  writePrivate(file, values);
  return file;
}

function parse(file: string): EngineSecrets {
  const broken = `${file} is damaged: put it back from a backup, or delete it (everybody is then signed out).`;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Error(broken);
  }
  if (typeof content !== "object" || content === null || !("auth_secret" in content)) throw new Error(broken);
  const { auth_secret } = content;
  if (typeof auth_secret !== "string" || auth_secret.length < 32) throw new Error(broken);
  return { auth_secret };
}

/** Whole or not at all. */
function writePrivate(file: string, content: object): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
