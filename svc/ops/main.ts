import { runCommandLine } from "./cli/run.ts";
import { commands } from "./commands.ts";

const { code, output, complaint } = await runCommandLine(commands, process.argv.slice(2), {
  environment: process.env,
  terminal: process.stdout.isTTY === true,
});
await printed(process.stdout, output);
await printed(process.stderr, complaint);
process.exit(code);

/** Resolves when all of it was taken, however much a pipe takes at a time, or when nobody reads any more. */
async function printed(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text === "") return;
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.on("error", () => resolve());
  stream.write(text, () => resolve());
  await promise;
}
