import { type ActiveSpan, continueTrace, getLog, type Metrics, withContext } from "@rondo/telemetry";
import { type Context, Hono, type Next } from "hono";
import { createAccessLog, unrouted } from "./access_log.ts";
import { defaultBodyLimit, limitBody } from "./body_limit.ts";
import { isTrustedCaller, knownProxies, stripForwardingHeaders } from "./client_address.ts";
import { createDeadlines } from "./deadlines.ts";
import { type AppEnv, bindingsOf } from "./env.ts";
import { dropCookiesOfOtherHosts, hostsOf } from "./host.ts";
import { isInternalCall, serviceCallReader } from "./internal_call.ts";
import { missingRoute } from "./missing_route.ts";
import { checkOrigin } from "./origin.ts";
import { createProblemAnswer, type ProblemRenderer } from "./problem_answer.ts";
import { requestIdOf } from "./request_id.ts";
import { securityHeaders } from "./security_headers.ts";
import { type SidecarCalls, sidecarCallReader } from "./sidecar_call.ts";

export interface BaseAppOptions {
  /** Names the service in logs. */
  readonly service: string;
  readonly metrics: Metrics;
  /** The origin that people use, such as `https://tasks.example.org`; more than one where several are. */
  readonly trustedOrigin: string | readonly string[];
  /** Largest body in bytes; 1 MiB. */
  readonly bodyLimit?: number;
  /** A request that has no answer by then gets 503; 10,000. Streams are bound only until they begin. */
  readonly deadlineMs?: number;
  /** Addresses or CIDR blocks of proxies and services whose word about the client and the request id counts; none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** How calls through the sidecar of this process are known; without it there are none. */
  readonly sidecar?: SidecarCalls | undefined;
  /** What our own services show each other where there is no sidecar; without it no call over a socket is theirs. */
  readonly serviceToken?: string | undefined;
  /** Turns Trusted Types on in the content security policy, allowing the policies of these names. */
  readonly trustedTypes?: readonly string[];
  /** Renders a problem in another form, as pages do for people; undefined leaves it to RFC 9457. */
  readonly renderProblem?: ProblemRenderer;
}

/**
 * The Hono app that every service begins with. Around each request: an id, a trace, a line in the access log, metrics by route
 * pattern, security headers, a check of the origin, a limit on the body, a deadline, and problems rendered in one place.
 * All of it is one middleware: a chain of small ones would cost a promise and a closure each.
 */
export function baseApp(options: BaseAppOptions): Hono<AppEnv> {
  const { service, metrics, bodyLimit = defaultBodyLimit, deadlineMs = 10_000, trustedTypes } = options;
  const origins = new Set([options.trustedOrigin].flat());
  const hosts = hostsOf(origins);
  const proxies = knownProxies(options.trustedProxies ?? []);
  const readSidecarCall = sidecarCallReader(options.sidecar);
  const readServiceCall = serviceCallReader(options.serviceToken);
  const reading = { proxies, bodyLimit };
  const protect = securityHeaders({ secure: [...origins].every(isHttps), ...(trustedTypes && { trustedTypes }) });
  const deadlines = createDeadlines(deadlineMs);
  /** A stranger's word about traces would put their requests into ours, and decide what is recorded. */
  const isOurs = (c: Context<AppEnv>) => isInternalCall(c) || isTrustedCaller(c, proxies);
  const log = getLog(service);
  const access = createAccessLog(log, metrics);
  const answerProblem = createProblemAnswer(log, options.renderProblem);

  async function handle(c: Context<AppEnv>, next: Next, span: ActiveSpan): Promise<void> {
    const begun = performance.now();
    const slot = deadlines.current();
    c.set("deadline", slot.signal);
    try {
      stripForwardingHeaders(c, proxies);
      dropCookiesOfOtherHosts(c, hosts, proxies);
      checkOrigin(c.req.raw, origins);
      limitBody(c, bodyLimit);
      await slot.run(next);
    } catch (error) {
      c.res = await answerProblem(error, c);
    }
    const { headers } = c.res;
    headers.set("x-request-id", c.get("request_id"));
    protect(headers);
    const bindings = bindingsOf(c);
    if (bindings?.draining) {
      headers.set("connection", "close");
      await bindings.held;
    }
    access.record(c, performance.now() - begun, span);
  }

  const app = new Hono<AppEnv>();
  app.use((c, next) => {
    readSidecarCall(c);
    readServiceCall(c);
    const request_id = requestIdOf(c, proxies);
    c.set("request_id", request_id);
    c.set("log", log);
    c.set("reading", reading);
    const traceparent = isOurs(c) ? (c.req.raw.headers.get("traceparent") ?? undefined) : undefined;
    const run = (span: ActiveSpan) => withContext({ request_id }, () => handle(c, next, span));
    return continueTrace(traceparent, c.req.method, run, { kind: "server" });
  });
  app.onError((error, c) => {
    const { aborted, reason } = c.get("deadline");
    // Whatever a handler throws once its time is over, the request has failed for want of time.
    return answerProblem(aborted ? reason : error, c);
  });
  app.notFound(async (c) => {
    c.req.routeIndex = unrouted;
    const { problem, allow } = missingRoute(app, c);
    const response = await answerProblem(problem, c);
    if (allow !== undefined) response.headers.set("allow", allow);
    return response;
  });
  return app;
}

function isHttps(origin: string): boolean {
  return origin.startsWith("https:");
}
