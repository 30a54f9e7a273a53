export { streamGroup } from "./config.ts";
export type { SocketData } from "./socket.ts";
export { wireSync } from "./wire.ts";
