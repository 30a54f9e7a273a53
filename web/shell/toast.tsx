import { actBoost } from "./boost.ts";
import { Icon } from "./icon.tsx";

/** What was done, and how to take it back. */
export interface Said {
  readonly text: string;
  readonly operation_id?: string | null;
  readonly failed?: boolean;
  /** Announced, and within reach of the key `z`, but not shown: the change itself is to be seen. */
  readonly quiet?: boolean;
}

/** Stays 8 s, longer while it is pointed at or holds the focus; what it undoes stays within reach of the key `z`. */
export const Toast = ({ said }: { said: Said }) => (
  <div
    class="toast"
    data-toast
    data-operation={said.operation_id ?? undefined}
    data-failed={said.failed ? "" : undefined}
  >
    {said.failed && <Icon name="circle-alert" />}
    <p>{said.text}</p>
    {said.operation_id && (
      <form method="post" action="/undo" hx-boost={actBoost}>
        <input type="hidden" name="operation_id" value={said.operation_id} />
        <button type="submit" class="link">
          Undo
        </button>
      </form>
    )}
    <button type="button" class="quiet square" data-closes aria-label="Dismiss">
      <Icon name="x" />
    </button>
  </div>
);

/** Where they appear: always in the page, so that what comes into it is announced. */
export const Toasts = ({ said }: { said?: Said | undefined }) => (
  <>
    <div id="toasts" class="toasts" role="status">
      {said && <Toast said={said} />}
    </div>
    <div id="said" class="only-read" role="status" />
  </>
);

/** The same in the answer to a change. */
export const SaidPartial = ({ said }: { said: Said }) =>
  said.quiet ? (
    <hx-partial hx-target="#said" hx-swap="innerHTML">
      <p data-operation={said.operation_id ?? undefined}>{said.text}</p>
    </hx-partial>
  ) : (
    <hx-partial hx-target="#toasts" hx-swap="innerHTML">
      <Toast said={said} />
    </hx-partial>
  );
