export { createApp } from "./app.ts";
export { webConfig } from "./config.ts";
export type { WebDeps } from "./deps.ts";
