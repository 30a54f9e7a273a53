import { describe, expect, test } from "bun:test";
import { redact, redactFields, redactText } from "./redact.ts";

describe("redaction", () => {
  test("secrets and what people write are replaced at every depth, by key", () => {
    const fields = {
      task: { id: "1", title: "Buy milk", notes: "two litres", changes: { title: ["a", "b"] } },
      headers: [{ Authorization: "Bearer x", "set-cookie": "s=1" }],
      newPassword: "hunter2",
      access_token: "x",
      apiKey: "x",
      DATABASE_URL: "postgres://localhost/rondo",
      email: "a@example.org",
    };
    expect(redactFields(fields)).toEqual({
      task: { id: "1", title: "[redacted]", notes: "[redacted]", changes: "[redacted]" },
      headers: [{ Authorization: "[redacted]", "set-cookie": "[redacted]" }],
      newPassword: "[redacted]",
      access_token: "[redacted]",
      apiKey: "[redacted]",
      DATABASE_URL: "[redacted]",
      email: "[redacted]",
    });
  });

  test("what only counts or sounds similar stays", () => {
    const fields = {
      tokens: 3,
      has_password: true,
      subtitle: "x",
      event_name: "x",
      duration_ms: 1.5,
      none: null,
      missing: undefined,
    };
    expect(redactFields(fields)).toEqual(fields);
  });

  test("API tokens, JWTs and passwords in URLs are replaced in any text", () => {
    const jwt = `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.${"c-_".repeat(9)}`;
    expect(redactText(`got rondo_pat_Ab-3_x9 and ${jwt}, for postgres://rondo:hunter2@db:5432/rondo`)).toBe(
      "got [redacted] and [redacted], for postgres://rondo:[redacted]@db:5432/rondo",
    );
  });

  test("a JWT that was cut off is replaced too, and a hostile text takes no longer than its length", () => {
    expect(redactText("a eyJhbGciOiJFZERTQSJ9, b eyJhbGciOiJFZERTQSJ9.eyJzdWIi")).toBe("a [redacted], b [redacted]");
    const begun = performance.now();
    for (const piece of ["eyJ-", "eyJ.", "rondo_pat_", "://a:", "://", ":a@"]) redactText(piece.repeat(50_000));
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test("an error keeps its type, message, code, kind, stack and cause, and nothing else that was put on it", () => {
    const cause = Object.assign(new TypeError("rondo_pat_1 is wrong"), {
      detail: "Key (title)=(Buy milk)",
      code: "23505",
    });
    const error = Object.assign(new Error("no", { cause }), {
      kind: "conflict",
      query: "insert",
      parameters: ["Buy milk"],
    });
    expect(redact({ error })).toEqual({
      error: {
        type: "Error",
        message: "no",
        kind: "conflict",
        stack: expect.any(String),
        cause: { type: "TypeError", message: "[redacted] is wrong", code: "23505", stack: expect.any(String) },
      },
    });
    expect(JSON.stringify(redact(error))).not.toContain("Buy milk");
  });

  test("a circle, a bigint and a wrong date do no harm", () => {
    const circle: Record<string, unknown> = { big: 10n, at: new Date("wrong"), epoch: new Date(0) };
    circle.self = circle;
    expect(JSON.stringify(redact(circle))).toStartWith(
      '{"big":"10","at":null,"epoch":"1970-01-01T00:00:00.000Z","self":{',
    );
  });
});
