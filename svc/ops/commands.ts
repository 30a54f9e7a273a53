import type { Command } from "./cli/command.ts";
import { topicsCommand } from "./topics/command.ts";

/** Everything that the program can do, in the order in which its help lists it. */
export const commands: readonly Command[] = [topicsCommand];
