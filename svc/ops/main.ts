import { writeSync } from "node:fs";
import { runCommandLine } from "./cli/run.ts";
import { commands } from "./commands.ts";

const code = await runCommandLine(commands, process.argv.slice(2), {
  environment: process.env,
  terminal: process.stdout.isTTY === true,
  print: (text) => void writeSync(1, text),
  complain: (text) => void writeSync(2, text),
});
process.exit(code);
