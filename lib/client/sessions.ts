import { discard, readValue, type Send } from "./call.ts";
import type { Api, Page, Session } from "./types.ts";

const auth = "/api/auth";

/** The browser sessions of the person whose cookie is sent. Their secrets never leave the api. */
export function createSessions(send: Send): Api["sessions"] {
  const post = async (path: string, body: object = {}): Promise<void> =>
    discard(await send({ method: "POST", path: `${auth}/${path}`, body }));
  return {
    async list() {
      const { items } = await readValue<Page<Session>>(await send({ path: `${auth}/list-sessions` }));
      return items;
    },
    revoke: (id) => post("revoke-session", { id }),
    revokeOthers: () => post("revoke-other-sessions"),
    revokeAll: () => post("revoke-sessions"),
  };
}
