import { can } from "@rondo/identity";
import type { Reader } from "./format/reader.ts";

/** Wednesday 25 November 2026, 10:00 in Warsaw. */
export const aReader: Reader = {
  now: Temporal.Instant.from("2026-11-25T09:00:00Z"),
  zone: "Europe/Warsaw",
  locale: "en-GB",
  keys: true,
  may: () => true,
};

/** The same person as a viewer of the workspace. */
export const aViewer: Reader = {
  ...aReader,
  may: (action) => can({ role: "viewer", scopes: ["tasks:read"] }, action),
};

/** Texts that would do harm where a text became markup, an attribute or a script. */
export const hostileTexts = [
  '<script>alert("x")</script>',
  '"><img src=x onerror=alert(1)>',
  "' hx-get='/account' hx-trigger='load' x='",
  '" hx-post="/sign-out" hx-trigger="load',
  '<hx-partial hx-target="body">gone</hx-partial>',
  "</textarea></title><svg onload=alert(1)>",
  "javascript:alert(1)",
  "[x](javascript:alert(1)) <javascript:alert(1)>",
  "{{constructor.constructor('alert(1)')()}}",
] as const;

/** Every element of the HTML with its attributes, as a browser would find them. */
export async function elementsOf(html: string): Promise<{ name: string; attributes: Record<string, string> }[]> {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const reader = new HTMLRewriter().on("*", {
    element({ tagName, attributes }) {
      found.push({ name: tagName, attributes: Object.fromEntries(attributes) });
    },
  });
  await reader.transform(new Response(html)).text();
  return found;
}

/** What in the HTML could act: scripts but our own, handlers, `javascript:`. */
export async function actsOf(html: string): Promise<string[]> {
  const acts: string[] = [];
  for (const { name, attributes } of await elementsOf(html)) {
    if (name === "script" && !attributes.src?.startsWith("/assets/")) acts.push(name);
    for (const [attribute, value] of Object.entries(attributes)) {
      if (attribute.startsWith("on") || attribute === "style" || /^\s*javascript:/i.test(value))
        acts.push(`${name} ${attribute}`);
    }
  }
  return acts;
}
