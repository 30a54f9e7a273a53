export { checkedBus, checkedTransport } from "./checked.ts";
export type { Manifest } from "./manifest.ts";
export type { Opened, Platform, Wired } from "./platform.ts";
export { programOf, serveService } from "./serve_service.ts";
