/** @jsxImportSource hono/jsx */
import type { AppEnv } from "@rondo/http";
import { Hono } from "hono";
import { describeInterface } from "../openapi.ts";
import { DocsPage } from "./page.tsx";
import style from "./style.css" with { type: "text" };

const styleUrl = `/api/docs/${Bun.hash(style).toString(36)}.css`;
const forEver = "public, max-age=31536000, immutable";

/** `/api/v1/openapi.json` and `/api/docs`, for everybody. The document is made of the contracts, when it is first asked for. */
export function docsRoutes(): Hono<AppEnv> {
  let made: Promise<{ json: string; page: string }> | undefined;
  const make = async () => {
    const document = describeInterface();
    const page = `<!doctype html>${await (<DocsPage document={document} styleUrl={styleUrl} />).toString()}`;
    return { json: JSON.stringify(document), page };
  };
  const ready = () => {
    made ??= make();
    return made;
  };

  const routes = new Hono<AppEnv>();
  routes.get("/v1/openapi.json", async (c) =>
    c.body((await ready()).json, 200, { "content-type": "application/json" }),
  );
  routes.get("/docs", async (c) => c.html((await ready()).page));
  routes.get(styleUrl.slice("/api".length), (c) =>
    c.body(style, 200, { "content-type": "text/css; charset=utf-8", "cache-control": forEver }),
  );
  return routes;
}
