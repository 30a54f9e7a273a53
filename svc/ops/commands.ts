import { auditArchiveCommand } from "./audit/archive_command.ts";
import { backupCommand } from "./backup/command.ts";
import { restoreCommand } from "./backup/restore_command.ts";
import type { Command } from "./cli/command.ts";
import { deadListCommand } from "./dead/list_command.ts";
import { deadDropCommand, deadReplayCommand } from "./dead/settle_command.ts";
import { deadShowCommand } from "./dead/show_command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { groupsDeleteCommand } from "./groups/delete_command.ts";
import { groupsCommand } from "./groups/groups_command.ts";
import { lagCommand } from "./groups/lag_command.ts";
import { metricsCommand } from "./metrics/command.ts";
import { migrateCommand } from "./migrate/command.ts";
import { outboxCommand } from "./outbox/command.ts";
import { outboxReleaseCommand } from "./outbox/release_command.ts";
import { topicsCommand } from "./topics/command.ts";
import {
  usersDisableCommand,
  usersEnableCommand,
  usersListCommand,
  usersResetPasswordCommand,
  usersSignOutCommand,
} from "./users/commands.ts";

/** Everything that the program can do, in the order in which its help lists it. */
export const commands: readonly Command[] = [
  doctorCommand,
  backupCommand,
  restoreCommand,
  usersListCommand,
  usersDisableCommand,
  usersEnableCommand,
  usersResetPasswordCommand,
  usersSignOutCommand,
  topicsCommand,
  migrateCommand,
  lagCommand,
  metricsCommand,
  groupsCommand,
  groupsDeleteCommand,
  deadListCommand,
  deadShowCommand,
  deadReplayCommand,
  deadDropCommand,
  outboxCommand,
  outboxReleaseCommand,
  auditArchiveCommand,
];
