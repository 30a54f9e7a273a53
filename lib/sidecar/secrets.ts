import type { Sidecar } from "./sidecar.ts";

/** Dapr's secrets API: one secret is `{key: value}`, all of a store are `{secret: {key: value}}`. */
export async function readSecrets(
  request: Sidecar["request"],
  store: string,
  secret: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  const folder = `/v1.0/secrets/${encodeURIComponent(store)}`;
  const answer = await request(secret === undefined ? `${folder}/bulk` : `${folder}/${encodeURIComponent(secret)}`);
  const what = secret === undefined ? `the secret store ${store}` : `the secret ${secret} of the store ${store}`;
  if (answer.status === 204) throw new Error(`${what} is empty`);
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new Error(`${what} cannot be read: the sidecar answers ${answer.status}${codeOf(body)}`);
  const groups: readonly unknown[] = secret === undefined && isObject(body) ? Object.values(body) : [body];
  const texts: Record<string, string> = {};
  for (const group of groups) {
    if (!isObject(group)) throw new Error(`${what} has something else than secrets in it`);
    for (const [key, value] of Object.entries(group)) {
      if (typeof value !== "string") throw new Error(`${what} has something else than texts in it`);
      texts[key] = value;
    }
  }
  return texts;
}

/** The code only: a message may quote what a log must not. */
function codeOf(body: unknown): string {
  const code = isObject(body) ? body.errorCode : undefined;
  return typeof code === "string" ? ` (${code})` : "";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
