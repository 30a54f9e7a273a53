import {
  databaseGroup,
  engineGroup,
  httpGroup,
  integer,
  logGroup,
  origin,
  proxyGroup,
  serviceGroup,
  traceGroup,
  under,
  url,
} from "@rondo/config";

/** How many streams may be open: also needed by whoever runs sync inside a larger process. */
export const streamGroup = {
  streamsPerUser: integer({
    name: "RONDO_STREAMS_PER_USER",
    description: "How many live streams one user may hold open; a browser needs one, whatever its number of tabs.",
    example: "200",
    default: "50",
    min: 1,
    max: 100_000,
  }),
  streams: integer({
    name: "RONDO_STREAMS",
    description: "How many live streams one process holds open; further ones get 503.",
    example: "20000",
    default: "5000",
    min: 1,
    max: 100_000,
  }),
};

/** Everything that the sync executable reads from its environment. */
export const syncConfig = {
  ...httpGroup,
  origin: origin({
    name: httpGroup.origin.name,
    example: httpGroup.origin.example,
    description: "What browsers have in their address bar, the same as the api's: it issues tokens in this name.",
  }),
  apiUrl: under(
    "local",
    url({
      name: "RONDO_API_URL",
      description: "Where the api listens: it tells on whose behalf a stream is opened.",
      example: "http://127.0.0.1:3100",
    }),
  ),
  ...proxyGroup,
  databaseUrl: under("local", databaseGroup.databaseUrl),
  databasePool: databaseGroup.databasePool,
  ...engineGroup,
  ...serviceGroup,
  ...streamGroup,
  ...logGroup,
  ...traceGroup,
};
