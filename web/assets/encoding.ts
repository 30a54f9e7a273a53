import { createMiddleware } from "hono/factory";

/** The first of `offered` that the header accepts (RFC 9110 section 12.5.3); undefined: send it plain. */
export function chooseEncoding<T extends string>(header: string | undefined, offered: readonly T[]): T | undefined {
  const accepted = new Map(
    (header ?? "").split(",").map((part): [string, boolean] => {
      const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      return [name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))];
    }),
  );
  return offered.find((name) => accepted.get(name) ?? accepted.get("*") ?? false);
}

/** Smaller answers gain nothing. */
const leastBytes = 1_024;

/** Compresses the pages and fragments; assets come compressed already, streams have another content type. */
export const compressPages = createMiddleware(async (c, next) => {
  await next();
  const type = c.res.headers.get("content-type") ?? "";
  if (!type.startsWith("text/html") || c.res.headers.has("content-encoding")) return;
  c.res.headers.append("Vary", "Accept-Encoding");
  const encoding = chooseEncoding(c.req.header("accept-encoding"), ["zstd", "gzip"]);
  if (encoding === undefined) return;
  const plain = new Uint8Array(await c.res.arrayBuffer());
  const packed = encoding === "zstd" ? Bun.zstdCompressSync(plain, { level: 3 }) : Bun.gzipSync(plain, { level: 6 });
  const body = plain.byteLength < leastBytes ? plain : new Uint8Array(packed);
  const headers = new Headers(c.res.headers);
  headers.delete("content-length");
  if (body !== plain) headers.set("content-encoding", encoding);
  const { status } = c.res;
  c.res = undefined;
  c.res = new Response(body, { status, headers });
});
