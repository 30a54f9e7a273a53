import { choice, optional, text, under, url } from "./variable.ts";

/** For a deployable that runs on either engine. */
export const engineGroup = {
  engine: choice(["local", "dapr"], {
    name: "RONDO_ENGINE",
    description:
      "What carries events, jobs and calls: local is PostgreSQL and HTTP, dapr the sidecar beside this process.",
    example: "dapr",
    default: "local",
  }),
  sidecarUrl: url({
    name: "RONDO_SIDECAR_URL",
    description: "Where the sidecar of this process listens.",
    example: "http://127.0.0.1:3501",
    default: "http://127.0.0.1:3500",
    schemes: ["http"],
  }),
  daprToken: under(
    "dapr",
    text({
      name: "DAPR_API_TOKEN",
      description: "What this process shows its sidecar at every call. Dapr's injector sets it.",
      example: "a-long-random-text",
      secret: true,
    }),
  ),
  appToken: under(
    "dapr",
    text({
      name: "APP_API_TOKEN",
      description:
        "What the sidecar shows this process: events and jobs without it are refused. Dapr's injector sets it.",
      example: "another-long-random-text",
      secret: true,
    }),
  ),
  secretStore: under(
    "dapr",
    optional(
      text({
        name: "RONDO_SECRET_STORE",
        description:
          "The sidecar's store from which secret variables come that are not set here; with /name, one secret of it.",
        example: "secrets",
      }),
    ),
  ),
};

/** For a deployable that calls the others, or is called by them, without a sidecar that vouches for who calls. */
export const serviceGroup = {
  serviceToken: under(
    "local",
    text({
      name: "RONDO_SERVICE_TOKEN",
      description: "By which api, audit, web and sync know each other, at least 32 characters; all need the same.",
      example: "another-long-random-text-of-32-or-more",
      secret: true,
      min: 32,
    }),
  ),
};

/** For a deployable that is all of Rondo in one process: it needs no other engine. */
export const localEngineGroup = {
  engine: choice(["local"], {
    name: engineGroup.engine.name,
    description: "What carries events and jobs: local is PostgreSQL.",
    example: "local",
    default: "local",
  }),
};
