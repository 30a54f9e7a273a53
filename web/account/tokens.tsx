import type { ApiToken, CreatedApiToken } from "@rondo/contract";
import { inSentence, sayInstant } from "../format/dates.ts";
import type { Reader } from "../format/reader.ts";
import { Icon } from "../shell/icon.tsx";

const scopeNames: readonly (readonly [ApiToken["scopes"][number], string])[] = [
  ["tasks:read", "Read tasks"],
  ["tasks:write", "Change tasks"],
  ["workspace:admin", "Manage the workspace"],
];

export const TokenList = ({ tokens, reader }: { tokens: readonly ApiToken[]; reader: Reader }) => (
  <ul class="rows-plain">
    {tokens.map((token) => (
      <li class="row-plain">
        <div>
          <p>{token.name}</p>
          <p class="hint">
            {scopeNames.flatMap(([scope, name]) => (token.scopes.includes(scope) ? [name] : [])).join(", ")}
            {" · "}
            {token.last_used_at === null
              ? "never used"
              : `last used ${inSentence(sayInstant(token.last_used_at, reader).text)}`}
            {token.expires_at !== null && ` · until ${sayInstant(token.expires_at, reader).text}`}
          </p>
        </div>
        <form method="post" action={`/account/tokens/${encodeURIComponent(token.id)}/revocation`}>
          <button type="submit" class="quiet" aria-label={`Revoke ${token.name}`}>
            Revoke
          </button>
        </form>
      </li>
    ))}
  </ul>
);

export interface TokenFormProps {
  /** The scopes that one's role here allows. */
  readonly scopes: ApiToken["scopes"];
  readonly created?: CreatedApiToken | undefined;
  readonly refused?: { readonly name: string; readonly error: string } | undefined;
}

export const TokenForm = ({ scopes, created, refused }: TokenFormProps) => (
  <>
    {created && (
      <div class="banner" role="status">
        <p>
          <label for="token">The token “{created.name}”. Copy it now: it is shown this once.</label>
        </p>
        <input id="token" class="secret" readonly value={created.token} data-selects autocomplete="off" />
      </div>
    )}
    <details class="more" open={refused !== undefined}>
      <summary class="button">
        <Icon name="plus" />
        New token
      </summary>
      <form method="post" action="/account/tokens" class="box">
        <label for="token-name">Name</label>
        <input
          id="token-name"
          name="name"
          value={refused?.name}
          required
          maxlength={100}
          autocomplete="off"
          aria-describedby="token-error"
          aria-invalid={refused ? "true" : undefined}
        />
        <p id="token-error" class="error" role="alert">
          {refused?.error}
        </p>
        <fieldset class="checks">
          <legend>May</legend>
          {scopeNames
            .filter(([scope]) => scopes.includes(scope))
            .map(([scope, name]) => (
              <label>
                <input type="checkbox" name="scopes" value={scope} checked={scope !== "workspace:admin"} />
                {name}
              </label>
            ))}
        </fieldset>
        <label for="token-days">Valid for</label>
        <select id="token-days" name="days">
          <option value="30">30 days</option>
          <option value="365" selected>
            A year
          </option>
          <option value="">Until revoked</option>
        </select>
        <div class="actions">
          <button type="submit" class="primary">
            Create token
          </button>
        </div>
      </form>
    </details>
  </>
);
