import { runBun } from "./bootstrap.mjs";

await runBun("svc/standalone/main.ts");
