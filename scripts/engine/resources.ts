import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../repository.ts";
import type { Resources } from "./sidecar.ts";

/** What a deployment in Kubernetes has too, and what only one machine needs. */
const shared = join(root, "charts/rondo/dapr");
const local = join(import.meta.dir, "resources");

/**
 * Writes the components, subscriptions, resiliency and configuration of Rondo for sidecars on this machine into a folder.
 * @param more files of the caller's own, by name: a component of its own group for a test, for one
 */
export function writeResources(folder: string, more: Readonly<Record<string, string>> = {}): Resources {
  const [resources, configuration] = [join(folder, "resources"), join(folder, "configuration")];
  for (const each of [resources, configuration]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const configurations: string[] = [];
  for (const source of [shared, local].flatMap(filesOf)) {
    const isConfiguration = basename(source).startsWith("configuration");
    const target = join(isConfiguration ? configuration : resources, basename(source));
    copyFileSync(source, target);
    if (isConfiguration) configurations.push(target);
  }
  for (const [name, text] of Object.entries(more)) writeFileSync(join(resources, name), text);
  return { folder: resources, configurations, names: join(folder, "names.db") };
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}
