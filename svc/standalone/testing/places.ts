import type { Answer, Site } from "./site.ts";

/** Some addresses of each service; the stream by HEAD, for who may read it would read for ever. */
export const places = [
  ["GET", "/api/v1/me"],
  ["GET", "/api/v1/tasks"],
  ["POST", "/api/v1/tasks"],
  ["GET", "/api/v1/tokens"],
  ["GET", "/api/auth/list-sessions"],
  ["GET", "/api/v1/audit"],
  ["HEAD", "/sync/events"],
  ["GET", "/sync/ws"],
  ["GET", "/inbox"],
  ["GET", "/account"],
] as const;

export type Credential = Readonly<Record<string, string>>;

/** What each of them answers to this credential. */
export function askPlaces(site: Site, headers: Credential): Promise<readonly Answer[]> {
  return Promise.all(places.map(([method, path]) => site.ask(undefined, method, path, { headers })));
}
