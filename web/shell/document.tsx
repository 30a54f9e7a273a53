import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { assetPath, release } from "../assets/assets.ts";
import type { Reader } from "../format/reader.ts";

/** Live updates begin where this page was read: a UUIDv7 is the moment that sync understands as a cursor. */
function cursorOf(reader: Reader): string {
  return Bun.randomUUIDv7("hex", reader.now.epochMilliseconds);
}

export interface DocumentProps {
  readonly title: string;
  readonly reader: Reader;
  /** The class of the body: which of the few layouts. */
  readonly layout: "app" | "card";
  readonly children: Child;
}

/** The HTML of any page. Nothing in it is inline code, nothing comes from elsewhere. */
export const Document = ({ title, reader, layout, children }: DocumentProps) => (
  <>
    {raw("<!doctype html>")}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title === "Rondo" ? title : `${title} · Rondo`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content="history:true" />
        <link rel="stylesheet" href={assetPath("app.css")} />
        <link rel="icon" href={assetPath("icon.svg")} type="image/svg+xml" />
        <script type="module" src={assetPath("app.js")} />
      </head>
      <body
        class={layout}
        data-release={release}
        data-keys={reader.keys ? "on" : "off"}
        data-zone={reader.zone}
        data-cursor={cursorOf(reader)}
      >
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  </>
);
