import type { Reader } from "../format/reader.ts";
import { Document } from "../shell/document.tsx";
import { Icon } from "../shell/icon.tsx";

export interface SignPageProps {
  readonly kind: "in" | "up";
  readonly reader: Reader;
  /** Where to go afterwards, a path of ours. */
  readonly next: string;
  readonly typed?: { readonly name: string; readonly email: string };
  /** By field; `form` for what belongs to none. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** Sign in, and sign up: one small form each. What was typed comes back, but for the password. */
export const SignPage = ({ kind, reader, next, typed, errors = {} }: SignPageProps) => {
  const up = kind === "up";
  const title = up ? "Create your account" : "Sign in";
  return (
    <Document title={title} reader={reader} layout="card">
      <main id="main" class="sign" tabindex={-1}>
        <p class="brand">
          <Icon name="mark" />
          Rondo
        </p>
        <h1>{title}</h1>
        <form method="post" action={up ? "/sign-up" : "/sign-in"} class="sign-form">
          <input type="hidden" name="next" value={next} />
          <p id="form-error" class="error" role="alert">
            {errors.form}
          </p>
          {up && (
            <Input name="name" label="Name" autocomplete="name" value={typed?.name} error={errors.name} autofocus />
          )}
          <Input
            name="email"
            label="E-mail"
            type="email"
            autocomplete="username"
            value={typed?.email}
            error={errors.email}
            autofocus={!up}
          />
          <Input
            name="password"
            label="Password"
            type="password"
            autocomplete={up ? "new-password" : "current-password"}
            error={errors.password}
            hint={up ? "At least 8 characters." : undefined}
            minlength={up ? 8 : undefined}
          />
          <button type="submit" class="primary wide">
            {up ? "Create account" : "Sign in"}
          </button>
        </form>
        <p class="hint">
          {up ? "You have an account? " : "New here? "}
          <a href={withNext(up ? "/sign-in" : "/sign-up", next)}>{up ? "Sign in" : "Create an account"}</a>
        </p>
      </main>
    </Document>
  );
};

export function withNext(path: string, next: string): string {
  return next === "/inbox" || next === "/" ? path : `${path}?${new URLSearchParams({ next })}`;
}

interface InputProps {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password";
  readonly autocomplete: string;
  readonly value?: string | undefined;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  readonly minlength?: number | undefined;
  readonly autofocus?: boolean;
}

const Input = ({ name, label, type = "text", error, hint, ...rest }: InputProps) => (
  <div class="labelled">
    <label for={name}>{label}</label>
    <input
      id={name}
      name={name}
      type={type}
      required
      maxlength={type === "password" ? 128 : 254}
      aria-describedby={`${name}-error${hint ? ` ${name}-hint` : ""}`}
      aria-invalid={error === undefined ? undefined : "true"}
      {...rest}
    />
    {hint && (
      <p id={`${name}-hint`} class="hint">
        {hint}
      </p>
    )}
    <p id={`${name}-error`} class="error" role="alert">
      {error}
    </p>
  </div>
);
