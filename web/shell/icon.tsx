import { iconPath } from "../assets/assets.ts";
import type { IconName } from "../assets/icons.ts";

/** An icon beside a text that says the same; alone it needs a label on what holds it. */
export const Icon = ({ name, class: kind }: { name: IconName; class?: string }) => (
  <svg class={kind === undefined ? "icon" : `icon ${kind}`} aria-hidden="true">
    <use href={iconPath(name)} />
  </svg>
);
