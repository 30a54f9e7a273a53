import type { Database } from "@rondo/db";
import type { IssueAccessToken } from "./access_token.ts";
import type { AttemptLimits } from "./attempt_limits.ts";
import type { Auth } from "./auth.ts";
import type { ApiAuthenticator } from "./authenticator.ts";
import type { SessionCookie } from "./session_cookie.ts";

/** What the verbs of identity work with. */
export interface IdentityContext {
  readonly db: Database;
  /** Loaded when it is first asked for. */
  readonly auth: () => Promise<Auth>;
  readonly cookie: SessionCookie;
  readonly limits: AttemptLimits;
  readonly signUp: "open" | "closed";
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly identify: ApiAuthenticator["identify"];
  readonly recheck: ApiAuthenticator["recheck"];
  readonly issueAccessToken: IssueAccessToken;
  readonly evict: ApiAuthenticator["evict"];
}

/** Where a request comes from, as people recognise it in the list of their sessions. */
export interface Origin {
  readonly address: string;
  readonly user_agent: string;
}
