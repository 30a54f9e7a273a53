import { Hono } from "hono";
import { bundleAssets } from "./bundle.ts" with { type: "macro" };
import { chooseEncoding } from "./encoding.ts";
import type { IconName } from "./icons.ts";

const assets = bundleAssets().map(({ name, path, type, bytes }) => ({
  name,
  path,
  type,
  bytes: {
    identity: Buffer.from(bytes.identity, "base64"),
    br: Buffer.from(bytes.br, "base64"),
    zstd: Buffer.from(bytes.zstd, "base64"),
    gzip: Buffer.from(bytes.gzip, "base64"),
  },
}));

const byPath = new Map(assets.map((asset) => [asset.path, asset]));
const byName = new Map(assets.map((asset) => [asset.name, asset]));

/** The fingerprinted path of `app.css`, `app.js`, `sprite.svg` or `icon.svg`. */
export function assetPath(name: string): string {
  const asset = byName.get(name);
  if (!asset) throw new Error(`there is no asset ${name}`);
  return asset.path;
}

/** Where an icon is in the sprite, for `<use href>`. */
export function iconPath(name: IconName): string {
  return `${assetPath("sprite.svg")}#${name}`;
}

/** Changes with any asset: a page that was loaded before a new release knows by it that it must be loaded anew. */
export const release = new Bun.CryptoHasher("sha256")
  .update(assets.map((asset) => asset.path).join())
  .digest("hex")
  .slice(0, 12);

/** Serves the assets, for ever: a changed file has another path. */
export function assetRoutes(): Hono {
  const routes = new Hono();
  // Browsers ask for this wherever a page, as that of the interface, or a document names no icon.
  routes.get("/favicon.ico", (c) => c.redirect(assetPath("icon.svg")));
  routes.get("/assets/:file", (c) => {
    const asset = byPath.get(c.req.path);
    if (!asset) return c.notFound();
    const encoding = chooseEncoding(c.req.header("accept-encoding"), ["br", "zstd", "gzip"]) ?? "identity";
    c.header("Content-Type", asset.type);
    c.header("Cache-Control", "public, max-age=31536000, immutable");
    c.header("Vary", "Accept-Encoding");
    if (encoding !== "identity") c.header("Content-Encoding", encoding);
    return c.body(new Uint8Array(asset.bytes[encoding]));
  });
  return routes;
}
