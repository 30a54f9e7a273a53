import { runBun } from "./bootstrap.mjs";

await runBun("loadtest/tools.ts");
