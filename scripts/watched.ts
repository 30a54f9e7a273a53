import { pathsOf, root } from "./repository.ts";

/**
 * Loaded before the program by `npm run dev`. `bun --watch` restarts it when a module that it loaded has changed; styles, icons and
 * the browser's scripts reach the program by way of a macro (web/assets/bundle.ts), which loads none. Here they are loaded as texts.
 */
for (const path of [...pathsOf("web/*/*.css"), ...pathsOf("web/client/*.ts"), ...pathsOf("web/assets/*")]) {
  await import(`${root}/${path}`, { with: { type: "text" } });
}
