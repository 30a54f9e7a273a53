import { toolPath } from "../tools.ts";

/** @throws Error in a line when the tool has not been made on this machine */
export function requireTool(name: string): string {
  const path = toolPath(name);
  if (path === undefined) throw new Error(`${name} is missing; npm run tools makes it, and says what that takes.`);
  return path;
}
