const days = 24 * 60 * 60;

/** Seconds. Fixed from the sign-in on: using a session does not prolong it. */
export const sessionLifetimeSeconds = 30 * days;

/** Seconds. Then another key signs the JWTs … */
export const keyLifetimeSeconds = 90 * days;
/** … and so much later the old one verifies none any more. */
export const keyGraceSeconds = 1 * days;

/** better-auth sees only headers that we make; the client's address comes in this one. */
export const addressHeader = "x-rondo-client-address";
