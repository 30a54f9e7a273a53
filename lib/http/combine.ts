import type { ServerBindings } from "./env.ts";
import type { Fetcher } from "./serve.ts";

/**
 * One server for several apps, chosen by the path's beginning; the longest prefix wins, `/` takes the rest. Each keeps its own
 * limits and log, and learns who is at the other end of the socket.
 */
export function combine(apps: Readonly<Record<`/${string}`, Fetcher>>): Fetcher {
  const routes = Object.entries(apps)
    .map(([prefix, app]) => ({ prefix: prefix.replace(/\/$/, ""), app }))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return {
    fetch(request: Request, bindings: ServerBindings) {
      const path = pathOf(request.url);
      const route = routes.find(({ prefix }) => path.startsWith(prefix) && isBoundary(path.charAt(prefix.length)));
      return route ? route.app.fetch(request, bindings) : new Response("Not found\n", { status: 404 });
    },
  };
}

function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return start === -1 ? "/" : url.slice(start);
}

function isBoundary(char: string): boolean {
  return char === "" || char === "/" || char === "?";
}
