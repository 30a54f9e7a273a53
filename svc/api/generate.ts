import { describeInterface } from "./openapi.ts";

/** `bun svc/api/generate.ts` writes the interface's description anew. */
const file = new URL("openapi.json", import.meta.url);
await Bun.write(file, `${JSON.stringify(describeInterface(), null, 2)}\n`);
