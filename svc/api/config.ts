import { databaseGroup, engineGroup, httpGroup, integer, logGroup, optional, text, traceGroup } from "@rondo/config";

/** How many calls the api takes. */
export const callsGroup = {
  requestsPerMinute: integer({
    name: "RONDO_REQUESTS_PER_MINUTE",
    description: "How often one person or token may call the api in a minute; further calls get 429.",
    example: "6000",
    default: "600000",
    min: 1,
    max: 100_000_000,
  }),
};

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
  trustedProxies: optional(
    text({
      name: "RONDO_TRUSTED_PROXIES",
      description:
        "Addresses or blocks, parted by commas, whose word about the client's address counts: the web tier's.",
      example: "10.0.0.0/8,fd00::/8",
    }),
  ),
  ...callsGroup,
  ...engineGroup,
  ...logGroup,
  ...traceGroup,
};
