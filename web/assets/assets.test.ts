import { expect, test } from "bun:test";
import { assetPath, assetRoutes, iconPath } from "./assets.ts";
import { squeeze } from "./bundle.ts";
import { chooseEncoding } from "./encoding.ts";

test("an asset is served for ever under its fingerprint, in the encoding that is accepted", async () => {
  const app = assetRoutes();
  const plain = await app.request(assetPath("app.css"));
  expect(plain.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(plain.headers.get("content-encoding")).toBeNull();
  const packed = await app.request(assetPath("app.css"), { headers: { "accept-encoding": "gzip, deflate" } });
  expect(packed.headers.get("content-encoding")).toBe("gzip");
  expect(packed.headers.get("vary")).toBe("Accept-Encoding");
  expect(new TextDecoder().decode(Bun.gunzipSync(await packed.bytes()))).toBe(await plain.text());
});

test("a browser that looks for an icon by itself is sent to ours", async () => {
  const app = assetRoutes();
  const place = (await app.request("/favicon.ico")).headers.get("location") ?? "";
  expect((await app.request(place)).headers.get("content-type")).toBe("image/svg+xml");
});

test("another fingerprint is not found", async () => {
  expect((await assetRoutes().request("/assets/app-000000000000.css")).status).toBe(404);
});

test("styles, script and sprite are less than 35 kB together as browsers get them", async () => {
  const app = assetRoutes();
  const sizes = ["app.css", "app.js", "sprite.svg", "icon.svg"].map(async (name) => {
    const answer = await app.request(assetPath(name), { headers: { "accept-encoding": "br" } });
    return (await answer.arrayBuffer()).byteLength;
  });
  expect((await Promise.all(sizes)).reduce((sum, size) => sum + size)).toBeLessThan(35_000);
});

test("an icon is a place in the sprite", async () => {
  const [path = "", id] = iconPath("inbox").split("#");
  expect(await (await assetRoutes().request(path)).text()).toContain(`<symbol id="${id}"`);
});

test("an encoding with quality zero is not chosen", () => {
  expect(chooseEncoding("br;q=0, gzip", ["br", "gzip"])).toBe("gzip");
  expect(chooseEncoding("*", ["br"])).toBe("br");
  expect(chooseEncoding(undefined, ["br"])).toBeUndefined();
});

test("squeezing styles keeps what is in quotes", () => {
  expect(squeeze('/* a */ a::before { content: "/* x  ; */" ; color : red ; }')).toBe(
    'a::before{content: "/* x  ; */";color : red}',
  );
});
