import type {
  ConfigOf,
  databaseGroup,
  engineGroup,
  httpGroup,
  logGroup,
  proxyGroup,
  serviceGroup,
  traceGroup,
} from "@rondo/config";

/** What every service reads from its environment. */
export type CommonConfig = ConfigOf<
  typeof httpGroup & typeof proxyGroup & typeof engineGroup & typeof serviceGroup & typeof logGroup & typeof traceGroup
> &
  Partial<Record<"apiUrl" | "auditUrl", string | undefined>> & {
    readonly [Key in keyof ConfigOf<typeof databaseGroup>]?: ConfigOf<typeof databaseGroup>[Key] | undefined;
  };
