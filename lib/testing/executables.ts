import { buildDeployable, choose } from "@rondo/scripts/build";
import { temporaryFolder } from "./server.ts";

const built = new Set<string>();
let folder: string | undefined;
let building: Promise<void> = Promise.resolve();

/**
 * The folder of the executables with these names, or of all; each is compiled when a test of this process first asks for it,
 * one after the other, for compiling takes all that two processors have.
 */
export async function builtExecutables(names: readonly string[] = []): Promise<string> {
  folder ??= temporaryFolder("executables");
  const target = folder;
  building = building.then(async () => {
    for (const deployable of choose(names)) {
      if (built.has(deployable.name)) continue;
      await buildDeployable(deployable, target);
      built.add(deployable.name);
    }
  });
  await building;
  return target;
}
