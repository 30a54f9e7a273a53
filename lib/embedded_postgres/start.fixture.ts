/** A program that keeps its data in the folder that it is given: prints `ready …` or one line of what is wrong, exit 1. */
import { startEmbedded } from "./index.ts";

const [dataDir = ""] = process.argv.slice(2);
try {
  const server = await startEmbedded({ dataDir });
  process.on("SIGTERM", async () => {
    await server.stop();
    process.exit(0);
  });
  process.stdout.write(
    `ready pid=${server.pid} adopted=${server.adopted} ms=${server.ready_ms} url=${server.url} admin=${server.adminUrl} \n`,
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
