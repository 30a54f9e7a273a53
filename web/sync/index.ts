export { createApp, type Sync, type SyncDeps } from "./app.ts";
export { streamGroup, syncConfig } from "./config.ts";
export type { SocketData } from "./socket.ts";
