import { expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { authorize, can, type Principal, type Role, type Scope, scopes } from "./principal.ts";

const person = (role: Role, granted: readonly Scope[] = scopes): Principal => ({
  actor_id: "u",
  actor_type: "user",
  user_id: "u",
  workspace_id: "w",
  role,
  scopes: granted,
});

test("each role may do what it is for and nothing more", () => {
  const granted = (role: Role) => scopes.filter((scope) => can(person(role), scope));
  expect(granted("owner")).toEqual(["tasks:read", "tasks:write", "workspace:admin"]);
  expect(granted("admin")).toEqual(["tasks:read", "tasks:write", "workspace:admin"]);
  expect(granted("member")).toEqual(["tasks:read", "tasks:write"]);
  expect(granted("viewer")).toEqual(["tasks:read"]);
});

test("a credential narrows its maker's role and never widens it", () => {
  expect(can(person("owner", ["tasks:read"]), "tasks:write")).toBe(false);
  expect(can(person("viewer", ["tasks:write"]), "tasks:write")).toBe(false);
});

test("authorize throws forbidden and names the scope that is missing", () => {
  expect(() => authorize(person("member"), "tasks:write")).not.toThrow();
  const refused = () => authorize(person("viewer"), "tasks:write");
  expect(refused).toThrow(Problem);
  expect(refused).toThrow("tasks:write");
});
