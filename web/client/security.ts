import htmx from "htmx.org";

interface Security {
  initSecurity(policy: unknown): void;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string; createScript(text: string): string }): unknown;
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes;
  }
}

/** The one place from which text becomes HTML (Trusted Types). No text ever becomes a script. */
htmx.registerExtension("rondo-trusted-types", {
  init(api: Security) {
    const policy = window.trustedTypes?.createPolicy("htmx", { createHTML: (text) => text, createScript: () => "" });
    if (policy) api.initSecurity(policy);
  },
});
