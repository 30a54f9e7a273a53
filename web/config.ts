import {
  engineGroup,
  httpGroup,
  logGroup,
  origin,
  proxyGroup,
  serviceGroup,
  traceGroup,
  under,
  url,
} from "@rondo/config";

/** Everything that the web executable reads from its environment. */
export const webConfig = {
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
      description: "Where the api listens: everything on the pages comes from it.",
      example: "http://127.0.0.1:3100",
    }),
  ),
  auditUrl: under(
    "local",
    url({
      name: "RONDO_AUDIT_URL",
      description: "Where the audit trail listens, for the history of a task.",
      example: "http://127.0.0.1:3200",
    }),
  ),
  ...proxyGroup,
  ...engineGroup,
  ...serviceGroup,
  ...logGroup,
  ...traceGroup,
};
