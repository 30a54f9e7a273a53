import type { Service, SignIn, SignUp } from "@rondo/contract";
import type { Api } from "./calls.ts";

/** Carries a request to a service, until its signal is aborted. Rejects with a Problem `unavailable` when the service cannot be reached. */
export type Transport = (service: Service, request: Request) => Promise<Response>;

/** On whose behalf: an access token (JWT or API token), or the `Cookie` header of the person's browser. */
export type Credential = { readonly bearer: string } | { readonly cookie: string };

/** What the web tier knows of the browser behind a sign-in: the limits on wrong passwords count by address. */
export interface BrowserContext {
  /** Its `Cookie` header: a sign-in and a sign-out end the session that it names. */
  readonly cookie?: string | undefined;
  readonly client_address?: string | undefined;
  readonly user_agent?: string | undefined;
  /** Ends the call when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** `setCookies`: `Set-Cookie` values to hand to the browser unchanged. */
export interface SignedIn {
  readonly ok: true;
  readonly setCookies: readonly string[];
}

export interface Auth {
  signUp(input: SignUp, context: BrowserContext): Promise<SignedIn>;
  signIn(input: SignIn, context: BrowserContext): Promise<SignedIn>;
  signOut(context: BrowserContext): Promise<SignedIn>;
}

export interface CallOptions {
  /** Another workspace than the credential's own. */
  readonly workspace_id?: string | undefined;
  /** The deadline of whoever asks: ends a call under way and what would repeat it, and is then what is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface Client {
  as(credential: Credential, options?: CallOptions): Api;
  readonly auth: Auth;
}
