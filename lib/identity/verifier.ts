import { Problem } from "@rondo/problem";
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from "jose";
import { longestCacheMs, unauthenticated } from "./authenticator.ts";
import { createBoundedCache } from "./bounded_cache.ts";
import { type BoundPrincipal, principalFromClaims } from "./claims.ts";

export interface JwtVerifier {
  /**
   * What the token says, if we signed it and it has not expired. Whether its credential still lives only the api can tell.
   * @throws Problem `unauthenticated`; `unavailable` when the keys cannot be had.
   */
  verify(token: string): Promise<BoundPrincipal>;
}

export interface JwtVerifierOptions {
  /** Reads the current key set (RFC 7517 section 5); called when it is first needed and when a token names an unknown key. */
  readonly jwks: () => Promise<JSONWebKeySet>;
  readonly issuer: string;
  readonly audience: string;
  readonly clock?: () => Date;
  /** At most one reading of the keys in this time: tokens with invented key ids must not turn into requests. */
  readonly refetchMs?: number;
}

type KeySet = ReturnType<typeof createLocalJWKSet>;

/**
 * Verifies EdDSA tokens without a query. A verified token is remembered for up to 10 s, never beyond its `exp`:
 * a signature costs about 100 µs.
 */
export function createJwtVerifier(options: JwtVerifierOptions): JwtVerifier {
  const { issuer, audience, clock = () => new Date() } = options;
  const now = () => clock().getTime();
  const verified = createBoundedCache<BoundPrincipal>({ capacity: 10_000, ttlMs: longestCacheMs, now });
  const keys = createKeyCache(options.jwks, now, options.refetchMs ?? 5_000);

  const check = async (token: string, keySet: KeySet) => {
    const { payload } = await jwtVerify(token, keySet, {
      algorithms: ["EdDSA"],
      issuer,
      audience,
      requiredClaims: ["exp", "iat"],
      currentDate: clock(),
    });
    return payload;
  };

  return {
    async verify(token) {
      const known = verified.get(token);
      if (known) return known;
      try {
        const payload = await check(token, await keys.current()).catch(async (error: unknown) => {
          const newer = error instanceof errors.JWKSNoMatchingKey ? await keys.newer() : undefined;
          if (!newer) throw error;
          return check(token, newer);
        });
        const bound = principalFromClaims(payload);
        verified.set(token, bound, (payload.exp ?? 0) * 1_000);
        return bound;
      } catch (error) {
        throw error instanceof errors.JOSEError ? unauthenticated(error) : error;
      }
    },
  };
}

function createKeyCache(load: () => Promise<JSONWebKeySet>, now: () => number, refetchMs: number) {
  let keySet: KeySet | undefined;
  let loading: Promise<KeySet> | undefined;
  let lastTriedMs = Number.NEGATIVE_INFINITY;

  const fetchKeys = (): Promise<KeySet> => {
    loading ??= readKeys().finally(() => {
      loading = undefined;
    });
    return loading;
  };
  const readKeys = async (): Promise<KeySet> => {
    lastTriedMs = now();
    try {
      keySet = createLocalJWKSet(await load());
      return keySet;
    } catch (cause) {
      throw new Problem("unavailable", "The keys to check who you are cannot be read at the moment.", { cause });
    }
  };
  return {
    current: async () => keySet ?? (await fetchKeys()),
    /** The keys read anew; undefined when they were read a moment ago and the key is therefore simply unknown. */
    newer: async () => (loading || now() - lastTriedMs >= refetchMs ? fetchKeys() : undefined),
  };
}
