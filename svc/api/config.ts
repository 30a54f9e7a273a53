import {
  accountGroup,
  callsGroup,
  databaseGroup,
  engineGroup,
  httpGroup,
  logGroup,
  serviceGroup,
  text,
  traceGroup,
} from "@rondo/config";

/** Everything that the api's own executable reads from its environment. */
export const apiConfig = {
  ...httpGroup,
  ...databaseGroup,
  authSecret: text({
    name: "RONDO_AUTH_SECRET",
    description: "Signs sessions, at least 32 characters; all replicas of the api need the same.",
    example: "a-long-random-text-of-32-or-more",
    secret: true,
    min: 32,
  }),
  ...accountGroup,
  ...callsGroup,
  ...engineGroup,
  ...serviceGroup,
  ...logGroup,
  ...traceGroup,
};
