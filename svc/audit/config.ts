import {
  callsGroup,
  databaseGroup,
  engineGroup,
  httpGroup,
  logGroup,
  origin,
  serviceGroup,
  traceGroup,
  under,
  url,
} from "@rondo/config";

/** Everything that the audit executable reads from its environment. */
export const auditConfig = {
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
      description: "Where the api listens: it tells on whose behalf the trail is read.",
      example: "http://127.0.0.1:3100",
    }),
  ),
  ...callsGroup,
  ...databaseGroup,
  ...engineGroup,
  ...serviceGroup,
  ...logGroup,
  ...traceGroup,
};
