import type { Reader } from "../format/reader.ts";
import { Icon } from "./icon.tsx";

/** The key, what it does, and whether it changes a task. */
const keys: readonly (readonly [string, string, "changes"?])[] = [
  ["q", "Add a task", "changes"],
  ["g i", "Inbox"],
  ["g t", "Today"],
  ["j k", "Next, previous task"],
  ["Enter", "Open the task"],
  ["e", "Edit its title", "changes"],
  ["Space", "Complete or reopen it", "changes"],
  ["1 2 3 4", "Urgent, high, medium, low; again: none", "changes"],
  ["d", "Set its due date", "changes"],
  ["#", "Delete it", "changes"],
  ["z", "Undo", "changes"],
  ["Esc", "Close, go back"],
  ["?", "This list"],
];

/** Lists the keys; opened by `?` or from the side bar. */
export const KeysDialog = ({ reader }: { reader: Reader }) => (
  <dialog id="keys" class="keys" aria-labelledby="keys-title">
    <form method="dialog" class="keys-head">
      <h2 id="keys-title">Keys</h2>
      <button type="submit" class="quiet square" aria-label="Close">
        <Icon name="x" />
      </button>
    </form>
    <dl>
      {keys
        .filter(([, , changes]) => changes === undefined || reader.may("tasks.change"))
        .map(([key, does]) => (
          <div>
            <dt>
              {key.split(" ").map((one) => (
                <kbd>{one}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
    </dl>
    <p class="hint">
      None acts while you type. <a href="/account#keys-setting">Turn them off</a>
    </p>
  </dialog>
);
