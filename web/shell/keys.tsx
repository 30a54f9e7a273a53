import { Icon } from "./icon.tsx";

const keys: readonly (readonly [string, string])[] = [
  ["q", "Add a task"],
  ["g i", "Inbox"],
  ["g t", "Today"],
  ["j k", "Next, previous task"],
  ["Enter", "Open the task"],
  ["e", "Edit its title"],
  ["Space", "Complete or reopen it"],
  ["1 2 3 4", "Urgent, high, medium, low; again: none"],
  ["d", "Set its due date"],
  ["#", "Delete it"],
  ["z", "Undo"],
  ["Esc", "Close, go back"],
  ["?", "This list"],
];

/** Lists the keys; opened by `?` or from the side bar. */
export const KeysDialog = () => (
  <dialog id="keys" class="keys" aria-labelledby="keys-title">
    <form method="dialog" class="keys-head">
      <h2 id="keys-title">Keys</h2>
      <button type="submit" class="quiet square" aria-label="Close">
        <Icon name="x" />
      </button>
    </form>
    <dl>
      {keys.map(([key, does]) => (
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
