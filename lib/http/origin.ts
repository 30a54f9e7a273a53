import { Problem } from "@rondo/problem";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site makes a browser send in the reader's name: every unsafe method, and every WebSocket handshake
 * (it carries cookies, and no same-origin policy guards it). Browsers always say where such a request comes from, in
 * `Sec-Fetch-Site` or `Origin`; a caller that sends neither is no browser. A request with a Bearer token is exempt: a page of
 * another site cannot add that header without our consent by CORS, which nobody gets.
 * @throws Problem `forbidden`
 */
export function checkOrigin(request: Request, trusted: ReadonlySet<string>): void {
  const { headers } = request;
  if (safeMethods.has(request.method) && !headers.has("upgrade")) return;
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  if (site === null && origin === null) return;
  if (headers.get("authorization")?.slice(0, 7).toLowerCase() === "bearer ") return;
  const siteIsOurs = site === null || site === "same-origin" || site === "none";
  if (
    siteIsOurs &&
    (origin === null || trusted.has(origin) || (site === "same-origin" && isOwnHost(origin, headers)))
  ) {
    return;
  }
  throw new Problem("forbidden", "This request comes from another site's page, so it was not carried out.");
}

/** The page was opened under another name of this server (127.0.0.1 for localhost); the browser vouches that it is the same. */
function isOwnHost(origin: string, headers: Headers): boolean {
  const host = headers.get("host");
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}
