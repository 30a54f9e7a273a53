import type { ApiToken, CreatedApiToken, Me, Session } from "@rondo/contract";
import type { Reader } from "../format/reader.ts";
import { goBoost } from "../shell/boost.ts";
import { Icon } from "../shell/icon.tsx";
import { Page } from "../shell/page.tsx";
import type { Said } from "../shell/toast.tsx";
import type { Frame } from "../view/load.ts";
import { SessionList } from "./sessions.tsx";
import { TokenForm, TokenList } from "./tokens.tsx";

export interface AccountPageProps {
  readonly me: Me;
  readonly frame: Frame;
  readonly reader: Reader;
  readonly tokens: readonly ApiToken[];
  readonly sessions: readonly Session[];
  readonly said?: Said | undefined;
  /** Just made: the one time that its secret is to be seen. */
  readonly created?: CreatedApiToken | undefined;
  readonly refused?: { readonly name: string; readonly error: string } | undefined;
}

export const AccountPage = ({ me, frame, reader, tokens, sessions, said, created, refused }: AccountPageProps) => (
  <Page title="Account" reader={reader} frame={frame} at="/account" said={said}>
    <header class="head">
      <h1 id="heading" tabindex={-1}>
        Account
      </h1>
      <form method="post" action="/sign-out">
        <button type="submit" class="quiet">
          <Icon name="log-out" />
          Sign out
        </button>
      </form>
    </header>
    <p class="who">
      <strong>{me.name}</strong> <span>{me.email}</span>
    </p>
    <section class="settings" aria-labelledby="sessions-head">
      <h2 id="sessions-head">Where you are signed in</h2>
      <SessionList sessions={sessions} reader={reader} />
    </section>
    <section class="settings" aria-labelledby="tokens-head">
      <h2 id="tokens-head">API tokens</h2>
      <p class="hint">
        With a token, a program acts in your name. <a href="/api/docs">The API</a>
      </p>
      <TokenList tokens={tokens} reader={reader} />
      <TokenForm scopes={me.scopes} created={created} refused={refused} />
    </section>
    <section class="settings" aria-labelledby="keys-setting">
      <h2 id="keys-setting">Keys</h2>
      <form method="post" action="/account/keys" class="setting-row" hx-boost={goBoost}>
        <p>Single keys act on tasks and lists: {reader.keys ? "on" : "off"}.</p>
        <button type="submit" class="button" name="keys" value={reader.keys ? "off" : "on"}>
          Turn {reader.keys ? "off" : "on"}
        </button>
      </form>
    </section>
    <p class="hint">Times are shown for {reader.zone.replaceAll("_", " ")}.</p>
  </Page>
);
