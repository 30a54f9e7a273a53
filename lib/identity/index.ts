export * from "./authenticator.ts";
export * from "./bounded_cache.ts";
export * from "./claims.ts";
export * from "./credential.ts";
export * from "./principal.ts";
export * from "./remote.ts";
export * from "./through_api.ts";
export * from "./verifier.ts";
