import type { Session } from "@rondo/contract";
import { inSentence, sayInstant } from "../format/dates.ts";
import type { Reader } from "../format/reader.ts";
import { sayAgent } from "./agent.ts";

/** The browsers in which the reader is signed in, and the ways out of them. */
export const SessionList = ({ sessions, reader }: { sessions: readonly Session[]; reader: Reader }) => (
  <>
    <ul class="rows-plain">
      {sessions.map((session) => (
        <SessionRow session={session} reader={reader} />
      ))}
    </ul>
    <form method="post" action="/account/sessions" class="actions">
      {sessions.length > 1 && (
        <button type="submit" class="button" name="which" value="others">
          Sign out the others
        </button>
      )}
      <button type="submit" class="button" name="which" value="all">
        Sign out everywhere
      </button>
    </form>
  </>
);

const SessionRow = ({ session, reader }: { session: Session; reader: Reader }) => {
  const since = sayInstant(session.created_at, reader);
  return (
    <li class="row-plain">
      <div>
        <p>
          {sayAgent(session.user_agent)}
          {session.current && <span class="tag">this one</span>}
        </p>
        <p class="hint">
          {session.ip_address !== null && `${session.ip_address} · `}since{" "}
          <time datetime={since.exact} title={since.title}>
            {inSentence(since.text)}
          </time>
        </p>
      </div>
      {!session.current && (
        <form method="post" action={`/account/sessions/${encodeURIComponent(session.id)}/revocation`}>
          <button type="submit" class="quiet" aria-label={`Sign out ${sayAgent(session.user_agent)}`}>
            Sign out
          </button>
        </form>
      )}
    </li>
  );
};
