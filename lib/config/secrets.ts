import { createSidecar, type Sidecar } from "@rondo/sidecar";
import { engineGroup } from "./engine.ts";
import { type ConfigOf, loadConfig, type Spec } from "./load.ts";
import type { Variable } from "./variable.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with what the secret store knows of it. */
export interface Complete {
  readonly env: Environment;
  /** Variables that the store might have had, could it have been read. */
  readonly unread: readonly string[];
  /** Why it could not. */
  readonly failure?: string;
}

const everyMs = 100;

/**
 * Reads the secret variables that the environment lacks from the store that `RONDO_SECRET_STORE` names, through the sidecar, for which it
 * waits up to `withinMs`. Without a store, or with nothing to ask for, the environment stays as it is.
 */
export async function completeFromStore(spec: Spec, env: Environment, withinMs = 10_000): Promise<Complete> {
  if (!hasAll(spec, engineGroup)) return { env, unread: [] };
  const { engine, sidecarUrl, daprToken, secretStore } = engineGroup;
  const door = { engine, sidecarUrl, daprToken, secretStore };
  const wanted = Object.values(spec).filter((variable) => isWanted(variable, env));
  const names = wanted.map(({ name }) => name);
  const store = storeOf(door, env);
  if (store === undefined || names.length === 0) return { env, unread: [] };
  if (store === "unclear") return { env, unread: names };
  const [name = "", secret] = store.secretStore.split("/");
  try {
    const sidecar = createSidecar({ url: store.sidecarUrl, token: store.daprToken });
    await untilReady(sidecar, withinMs);
    const found = await sidecar.secrets(name, secret);
    return { env: { ...env, ...pick(found, names) }, unread: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { env, unread: names, failure: `${secretStore.name} is ${JSON.stringify(store.secretStore)}, but ${why}` };
  }
}

/** The way to the store; `unclear` when what is said of it is wrong, which the whole environment's errors will tell. */
function storeOf(
  door: Pick<typeof engineGroup, "engine" | "sidecarUrl" | "daprToken" | "secretStore">,
  env: Environment,
): (ConfigOf<typeof door> & { readonly secretStore: string }) | "unclear" | undefined {
  try {
    const { secretStore, ...way } = loadConfig(door, env, { known: Object.keys(env) });
    return secretStore === undefined ? undefined : { ...way, secretStore };
  } catch {
    return env[door.secretStore.name] ? "unclear" : undefined;
  }
}

/** The token of the sidecar opens the store, so it cannot be in it. */
function isWanted({ name, secret, engine }: Variable<unknown>, env: Environment): boolean {
  return secret === true && !env[name] && engine !== "local" && name !== engineGroup.daprToken.name;
}

async function untilReady(sidecar: Sidecar, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await sidecar.outbound();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await Bun.sleep(everyMs);
    }
  }
}

function hasAll(spec: Spec, group: Spec): boolean {
  const names = new Set(Object.values(spec).map(({ name }) => name));
  return Object.values(group).every(({ name }) => names.has(name));
}

function pick(from: Readonly<Record<string, string>>, names: readonly string[]): Environment {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}
