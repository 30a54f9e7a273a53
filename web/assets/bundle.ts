import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";
import { drawnIcons, lucideIcons } from "./icons.ts";

/** One file as it is served: its fingerprinted path and its bytes in base64, plain and in each encoding. */
export interface BundledAsset {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly bytes: Readonly<Record<"identity" | "br" | "zstd" | "gzip", string>>;
}

/**
 * Makes everything a page loads. Called as a Bun macro (see assets.ts): when the program is bundled, its result becomes part of the
 * executable; when it is run from source, this takes a few hundredths of a second at start.
 */
export function bundleAssets(): BundledAsset[] {
  const web = join(import.meta.dir, "..");
  return [
    toAsset("app.css", "text/css; charset=utf-8", joinStyles(web)),
    toAsset("app.js", "text/javascript; charset=utf-8", bundleScript(join(web, "client/main.ts"))),
    toAsset("sprite.svg", "image/svg+xml", drawSprite(web)),
    toAsset("icon.svg", "image/svg+xml", readFileSync(join(import.meta.dir, "icon.svg"), "utf8")),
  ];
}

/** The order of the layers comes first, so the order of the files does not matter. */
function joinStyles(web: string): string {
  const files = [...new Bun.Glob("*/*.css").scanSync(web)].sort();
  const order = "@layer reset, tokens, base, layout, components, utilities;";
  return order + files.map((file) => squeeze(readFileSync(join(web, file), "utf8"))).join("");
}

/** Comments (an open one reaches to the end) and needless white space go, strings stay. (Bun's own CSS bundler rewrites `light-dark()` and `oklch()`.) */
export function squeeze(css: string): string {
  return css
    .replace(/("[^"]*")|\/\*[\s\S]*?(?:\*\/|$)/g, (_, text: string | undefined) => text ?? "")
    .replace(/("[^"]*")|\s+/g, (_, text: string | undefined) => text ?? " ")
    .replace(/("[^"]*")|\s?([{};,])\s?/g, (_, text: string | undefined, mark: string) => text ?? mark)
    .replaceAll(";}", "}")
    .trim();
}

/** A macro may not call Bun.build (it would wait for the bundler that waits for it), but it may run the program. */
function bundleScript(entry: string): string {
  const built = Bun.spawnSync([process.execPath, "build", "--minify", "--target=browser", "--format=esm", entry]);
  if (!built.success) throw new Error(`bundling ${entry}: ${built.stderr.toString()}`);
  return built.stdout.toString();
}

function drawSprite(web: string): string {
  const lucide = lucideIcons.map((name) => {
    const svg = readFileSync(Bun.resolveSync(`lucide-static/icons/${name}.svg`, web), "utf8");
    return toSymbol(name, svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")));
  });
  const drawn = Object.entries(drawnIcons).map(([name, shapes]) => toSymbol(name, shapes));
  return `<svg xmlns="http://www.w3.org/2000/svg">${[...lucide, ...drawn].join("")}</svg>`;
}

function toSymbol(name: string, shapes: string): string {
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").replaceAll("> <", "><").trim()}</symbol>`;
}

function toAsset(name: string, type: string, text: string): BundledAsset {
  const plain = Buffer.from(text);
  const fingerprint = new Bun.CryptoHasher("sha256").update(plain).digest("hex").slice(0, 12);
  const br = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const zstd = zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
  const bytes = { identity: plain, br, zstd, gzip: gzipSync(plain, { level: 9 }) };
  return {
    name,
    path: `/assets/${name.replace(".", `-${fingerprint}.`)}`,
    type,
    bytes: {
      identity: bytes.identity.toString("base64"),
      br: bytes.br.toString("base64"),
      zstd: bytes.zstd.toString("base64"),
      gzip: bytes.gzip.toString("base64"),
    },
  };
}
