import type { IconName } from "../assets/icons.ts";
import type { Reader } from "../format/reader.ts";
import { Icon } from "../shell/icon.tsx";
import type { View } from "./view.ts";

const words: Readonly<Record<View["kind"], { icon: IconName; text: string; adds: string | undefined }>> = {
  inbox: { icon: "inbox", text: "What comes to mind goes here first.", adds: "Add a task" },
  today: { icon: "sun", text: "What is due today, or was due before, shows here.", adds: "Add a task for today" },
  project: { icon: "folder", text: "The tasks of this project show here.", adds: "Add a task" },
  bin: { icon: "trash-2", text: "Deleted tasks stay here for 30 days.", adds: undefined },
};

/** One sentence about what would be here, and the one thing to do. */
export const Empty = ({ view, reader }: { view: View; reader: Reader }) => {
  const { icon, text, adds } = words[view.kind];
  return (
    <div class="empty">
      <Icon name={icon} />
      <p>{text}</p>
      {adds !== undefined && reader.may("tasks.change") && (
        <a class="button" href="/inbox#add" hx-boost="false" data-adds>
          <Icon name="plus" />
          {adds}
        </a>
      )}
    </div>
  );
};
