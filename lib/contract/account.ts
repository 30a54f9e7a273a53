import { idSchema, isStreamSafe, nameSchema } from "@rondo/task";
import { type Traversal, type } from "arktype";
import { named, nothing, value } from "./answer.ts";
import { emailSchema } from "./email.ts";
import { contract } from "./route.ts";

const lengthRule = "8 to 128 characters";

/** A password to be. */
const newPasswordSchema = type("8 <= string <= 128")
  .describe(lengthRule)
  .narrow((text, ctx) => text.isWellFormed() || ctx.reject({ expected: lengthRule, actual: "" }))
  .narrow(canBeNormalized);

/** A password to be compared. One of another length than a new one can only be wrong, but that is not for this schema to say. */
const presentedPasswordSchema = type("1 <= string <= 1024").narrow(canBeNormalized);

function canBeNormalized(text: string, ctx: Traversal): boolean {
  return isStreamSafe(text) || ctx.reject({ expected: "text with at most 30 combining marks in a row", actual: "" });
}

export const signUpSchema = type({ "+": "reject", name: nameSchema, email: emailSchema, password: newPasswordSchema });
export type SignUp = Readonly<typeof signUpSchema.infer>;

export const passwordChangeSchema = type({
  "+": "reject",
  current_password: presentedPasswordSchema,
  new_password: newPasswordSchema,
});
export type PasswordChange = Readonly<typeof passwordChangeSchema.infer>;

export const signInSchema = type({ "+": "reject", email: emailSchema, password: presentedPasswordSchema });
export type SignIn = Readonly<typeof signInSchema.infer>;

const signedUpSchema = type({ user: type({ name: "string", email: "string" }) });
const signedInSchema = type({ user: type({ id: idSchema, name: "string", email: "string" }) });

const tag = "auth";
const cookieSet = "`Set-Cookie` carries the session; ";

/** Signing up, in and out. */
export const accountContract = contract({
  signUp: {
    method: "POST",
    path: "/api/auth/sign-up/email",
    operationId: "signUp",
    tag,
    summary: "Make an account and sign in",
    description: "Says the same when the address has an account already; then it signs in only if the password fits.",
    access: "open",
    body: named("SignUp", signUpSchema),
    answer: value(named("SignedUp", signedUpSchema), `${cookieSet}the account as asked for`),
    problems: ["forbidden"],
  },
  signIn: {
    method: "POST",
    path: "/api/auth/sign-in/email",
    operationId: "signIn",
    tag,
    summary: "Sign in",
    access: "open",
    body: named("SignIn", signInSchema),
    answer: value(named("SignedIn", signedInSchema), `${cookieSet}who signed in`),
    problems: ["unauthenticated", "forbidden"],
  },
  signOut: {
    method: "POST",
    path: "/api/auth/sign-out",
    operationId: "signOut",
    tag,
    summary: "End the session of the cookie",
    access: "open",
    answer: nothing("Signed out, or was not signed in"),
    problems: ["forbidden"],
  },
});

/** Of the person whose cookie is sent: what is changed here asks for the password again. */
export const ownAccountContract = contract({
  changePassword: {
    method: "POST",
    path: "/api/auth/change-password",
    operationId: "changePassword",
    tag,
    summary: "Change your password",
    description: "Ends all your sessions but the one that asks. API tokens stay; revoke them one by one.",
    access: "signed_in",
    body: named("PasswordChange", passwordChangeSchema),
    answer: nothing("From now on only the new password opens the account"),
    problems: ["forbidden"],
  },
});

/** By which everybody can check a JWT. */
export const keyContract = contract({
  keys: {
    method: "GET",
    path: "/api/auth/jwks",
    operationId: "getKeys",
    tag,
    summary: "The public keys of the JWTs",
    access: "open",
    answer: value(named("KeySet", type({ keys: "object[]" })), "RFC 7517"),
  },
});
