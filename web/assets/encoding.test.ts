import { expect, test } from "bun:test";
import { Hono } from "hono";
import { compressPages } from "./encoding.ts";

const page = `<p>${"rondo ".repeat(500)}</p>`;
const app = new Hono()
  .use(compressPages)
  .get("/", (c) => c.html(page))
  .get("/small", (c) => c.html("<p>a</p>"))
  .get("/json", (c) => c.json({ page }));
const ask = (path: string, encoding: string) => app.request(path, { headers: { "accept-encoding": encoding } });

test("a page is compressed as the browser accepts it", async () => {
  const packed = await ask("/", "gzip, deflate");
  expect(packed.headers.get("content-encoding")).toBe("gzip");
  expect(packed.headers.get("vary")).toContain("Accept-Encoding");
  expect(new TextDecoder().decode(Bun.gunzipSync(await packed.bytes()))).toBe(page);
  const zstd = await ask("/", "gzip, zstd");
  expect(zstd.headers.get("content-encoding")).toBe("zstd");
  expect(new TextDecoder().decode(Bun.zstdDecompressSync(await zstd.bytes()))).toBe(page);
});

test("what would not get smaller, or is no page, is sent as it is", async () => {
  expect((await ask("/small", "gzip")).headers.get("content-encoding")).toBeNull();
  expect((await ask("/json", "gzip")).headers.get("content-encoding")).toBeNull();
  expect(await (await ask("/", "identity")).text()).toBe(page);
});
