export type { Api, CallsOf, ChangeOptions, OnceOptions } from "./calls.ts";
export { type ClientOptions, createClient } from "./client.ts";
export { type InvocationFetchOptions, invocationFetch } from "./invocation.ts";
export { type ResilientOptions, resilient } from "./resilient.ts";
export { httpFetch, inProcessFetch } from "./transport.ts";
export * from "./types.ts";
