import { runCommandLine } from "./cli/run.ts";
import { commands } from "./commands.ts";

const { code, output, complaint } = await runCommandLine(commands, process.argv.slice(2), {
  environment: process.env,
  terminal: process.stdout.isTTY === true,
});
// Whole, however much a pipe takes at a time: only then may the process end.
await Bun.write(Bun.stdout, output);
await Bun.write(Bun.stderr, complaint);
process.exit(code);
