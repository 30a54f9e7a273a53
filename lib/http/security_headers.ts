export interface SecurityOptions {
  /** Whether people come by https: browsers are then told to come in no other way (RFC 6797). */
  readonly secure: boolean;
  /** Adds `require-trusted-types-for 'script'` and allows the policies of these names. */
  readonly trustedTypes?: readonly string[];
}

/** Everything from our own origin, nothing inline, nothing evaluated, framed by nobody (CSP Level 3). */
export function contentSecurityPolicy(trustedTypes?: readonly string[]): string {
  const directives = [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ];
  if (trustedTypes) {
    directives.push("require-trusted-types-for 'script'", `trusted-types ${trustedTypes.join(" ") || "'none'"}`);
  }
  return directives.join("; ");
}

/** Headers that a handler may set differently for its answer. */
const replaceable = new Set([
  "content-security-policy",
  "cache-control",
  "referrer-policy",
  "cross-origin-resource-policy",
]);

/** Puts the headers on every answer. Prepared once, because this runs for each. */
export function securityHeaders({ secure, trustedTypes }: SecurityOptions): (headers: Headers) => void {
  const all: [string, string][] = [
    ["content-security-policy", contentSecurityPolicy(trustedTypes)],
    ["x-content-type-options", "nosniff"],
    ["referrer-policy", "same-origin"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
    ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
    // Not `no-store`: that would keep pages out of the browser's back-forward cache.
    ["cache-control", "private, no-cache"],
  ];
  if (secure) all.push(["strict-transport-security", "max-age=31536000"]);
  const fixed = all.filter(([name]) => !replaceable.has(name));
  const defaults = all.filter(([name]) => replaceable.has(name));
  return (headers) => {
    for (const [name, value] of fixed) headers.set(name, value);
    for (const [name, value] of defaults) if (!headers.has(name)) headers.set(name, value);
  };
}
