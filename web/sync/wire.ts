import { createStreams } from "@rondo/http";
import type { Platform, Wired } from "@rondo/service";
import { createApp } from "./app.ts";
import type { SocketData } from "./socket.ts";

/** What sync takes of its configuration. */
export interface SyncSettings {
  readonly streamsPerUser: number;
  readonly streams: number;
}

/** Live updates in their surroundings. A window may be opened before the first event arrives: it is told to look again when they begin. */
export async function wireSync(platform: Platform, settings: SyncSettings): Promise<Wired<SocketData>> {
  const { authenticate, metrics, origins: origin, trustedProxies } = platform;
  const { bus } = await platform.opened();
  const streams = createStreams();
  const limits = { perUser: settings.streamsPerUser, perProcess: settings.streams };
  const { app, websocket, stop } = createApp({ bus, authenticate, streams, metrics, origin, trustedProxies, limits });
  return { app, websocket, streams, stop, servesBeforeEvents: true };
}
