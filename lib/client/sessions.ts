import { Problem } from "@rondo/problem";
import { discard, readValue, type Send } from "./call.ts";
import type { Api } from "./types.ts";

/** A session as better-auth writes it. Its `token` is the cookie's secret, which therefore stays inside this file. */
interface AuthSession {
  readonly id: string;
  readonly token: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly ipAddress?: string | null;
  readonly userAgent?: string | null;
}

const auth = "/api/auth";

/** The browser sessions of the person whose cookie is sent. */
export function createSessions(send: Send): Api["sessions"] {
  const all = async (): Promise<AuthSession[]> => readValue(await send({ path: `${auth}/list-sessions` }));
  const post = async (path: string, body: object = {}): Promise<void> =>
    discard(await send({ method: "POST", path: `${auth}/${path}`, body }));
  return {
    async list() {
      const [sessions, own] = await Promise.all([all(), send({ path: `${auth}/get-session` })]);
      const { session: current } = await readValue<{ session: AuthSession }>(own);
      return sessions.map((session) => ({
        id: session.id,
        created_at: session.createdAt,
        expires_at: session.expiresAt,
        ip_address: session.ipAddress || null,
        user_agent: session.userAgent || null,
        current: session.id === current.id,
      }));
    },
    async revoke(id) {
      const session = (await all()).find((candidate) => candidate.id === id);
      if (!session) throw new Problem("not_found", "There is no such session.");
      await post("revoke-session", { token: session.token });
    },
    revokeOthers: () => post("revoke-other-sessions"),
    revokeAll: () => post("revoke-sessions"),
  };
}
