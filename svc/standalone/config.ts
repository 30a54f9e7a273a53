import {
  accountGroup,
  callsGroup,
  databaseGroup,
  dataGroup,
  httpGroup,
  localEngineGroup,
  logGroup,
  optional,
  text,
  traceGroup,
} from "@rondo/config";
import { streamGroup } from "@rondo/sync";

/** Everything that the standalone executable reads from its environment. */
export const standaloneConfig = {
  ...httpGroup,
  ...dataGroup,
  databaseUrl: optional({
    ...databaseGroup.databaseUrl,
    description: "A PostgreSQL of one's own (17 or newer) to use instead of the embedded one.",
  }),
  databasePool: databaseGroup.databasePool,
  authSecret: optional(
    text({
      name: "RONDO_AUTH_SECRET",
      description: "Signs sessions, at least 32 characters; without it one is generated and kept in the data folder.",
      example: "a-long-random-text-of-32-or-more",
      secret: true,
      min: 32,
    }),
  ),
  ...accountGroup,
  ...callsGroup,
  ...localEngineGroup,
  ...streamGroup,
  ...logGroup,
  ...traceGroup,
};
