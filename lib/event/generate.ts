/** Writes `schemas/*.json` from the contracts: `bun run generate` in this folder. Refuses to overwrite a promise. */
import { writeFile } from "node:fs/promises";
import { eventTypes } from "./contracts.ts";
import { brokenPromises, jsonSchemaOf, schemaFile } from "./schemas.ts";

const broken = await brokenPromises();
if (broken.length > 0) {
  process.stderr.write(
    `A published version must not change; make a new version of the type instead.\n${broken.join("\n")}\n`,
  );
  process.exit(1);
}
await Promise.all(
  eventTypes.map((eventType) => writeFile(schemaFile(eventType), JSON.stringify(jsonSchemaOf(eventType)))),
);
process.stdout.write(`${eventTypes.length} schemas written\n`);
