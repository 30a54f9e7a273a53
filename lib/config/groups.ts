import { choice, integer, networks, optional, origin, port, text, url } from "./variable.ts";

/** For a deployable that serves HTTP. */
export const httpGroup = {
  host: text({
    name: "RONDO_HOST",
    description: "The address to listen on; 0.0.0.0 is every one of the machine.",
    example: "0.0.0.0",
    default: "127.0.0.1",
  }),
  port: port({
    name: "RONDO_PORT",
    description: "The port to listen on; 0 is any free one.",
    example: "8080",
    default: "3000",
  }),
  origin: optional(
    origin({
      name: "RONDO_ORIGIN",
      description: "What browsers have in their address bar; without it http://localhost and the port.",
      example: "https://tasks.example.org",
    }),
  ),
  adminPort: port({
    name: "RONDO_ADMIN_PORT",
    description: "The port of /healthz, /readyz and /metrics; 0 is any free one.",
    example: "9000",
    default: "3001",
  }),
};

/** For a deployable that others speak to on behalf of clients: a reverse proxy, or the web tier. */
export const proxyGroup = {
  trustedProxies: optional(
    networks({
      name: "RONDO_TRUSTED_PROXIES",
      description:
        "Addresses or blocks, separated by commas, whose word about the client's address counts: a reverse proxy's, the web tier's.",
      example: "10.0.0.0/8,fd00::/8",
    }),
  ),
};

/**
 * 50 a second. The busiest click costs six calls, and each of a person's open windows five to follow it: two clicks a second before
 * three windows are 32. Beyond that it is a program, whose operator can raise it.
 */
const defaultRequestsPerMinute = 3_000;

/** For a deployable that answers programs: whose calls they are, and how many it takes. */
export const callsGroup = {
  ...proxyGroup,
  requestsPerMinute: integer({
    name: "RONDO_REQUESTS_PER_MINUTE",
    description: "How often one person or token may call in a minute; further calls get 429.",
    example: "6000",
    default: String(defaultRequestsPerMinute),
    min: 1,
    max: 100_000_000,
  }),
};

const signUp = choice(["open", "closed"], {
  name: "RONDO_SIGN_UP",
  description: "Who may make an account: open is everybody, closed nobody once there is a first one.",
  example: "closed",
  default: "open",
});

/** For a deployable in which people make accounts. */
export const accountGroup = {
  signUp: {
    ...signUp,
    parse(raw: string) {
      if (raw === "invited")
        throw new Error("cannot be invited, for there are no invitations yet: must be open or closed");
      return signUp.parse(raw);
    },
  },
};

/** For a deployable that cannot do without an outside PostgreSQL. Make `databaseUrl` optional where one is embedded. */
export const databaseGroup = {
  databaseUrl: url({
    name: "DATABASE_URL",
    description: "The PostgreSQL to use (17 or newer).",
    example: "postgres://rondo:password@localhost:5432/rondo",
    schemes: ["postgres", "postgresql"],
    secret: true,
  }),
  databasePool: integer({
    name: "RONDO_DATABASE_POOL",
    description: "How many connections to PostgreSQL at most.",
    example: "20",
    default: "10",
    min: 1,
    max: 500,
  }),
};

export const logGroup = {
  logLevel: choice(["debug", "info", "warning", "error"], {
    name: "RONDO_LOG_LEVEL",
    description: "The least level that is logged: debug, info, warning or error.",
    example: "debug",
    default: "info",
  }),
  logFormat: optional(
    choice(["json", "pretty"], {
      name: "RONDO_LOG_FORMAT",
      description: "How: json or pretty; without it pretty on a terminal, else json.",
      example: "json",
    }),
  ),
};

export const traceGroup = {
  traceEndpoint: optional(
    url({
      name: "OTEL_EXPORTER_OTLP_ENDPOINT",
      description: "An OpenTelemetry collector (OTLP over HTTP) to send traces to; without it none are made.",
      example: "http://localhost:4318",
    }),
  ),
  traceService: optional(
    text({ name: "OTEL_SERVICE_NAME", description: "The name of this process in logs and traces.", example: "rondo" }),
  ),
};

export const dataGroup = {
  dataDir: optional(
    text({
      name: "RONDO_DATA_DIR",
      description:
        "The folder of the embedded PostgreSQL and of generated secrets; without it rondo in the data home of the user.",
      example: "/var/lib/rondo",
    }),
  ),
};

/** The site's origin: the configured one, or localhost with the port listened on. */
export function originOf(config: { readonly origin: string | undefined; readonly port: number }): string {
  return config.origin ?? (config.port === 80 ? "http://localhost" : `http://localhost:${config.port}`);
}
