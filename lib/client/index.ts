export { type ClientOptions, createClient } from "./client.ts";
export { toProblem } from "./problems.ts";
export { type HttpFetchOptions, httpFetch, inProcessFetch } from "./transport.ts";
export * from "./types.ts";
