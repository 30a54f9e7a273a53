import { expect, test } from "bun:test";
import { Problem } from "@rondo/problem";
import { type Action, authorize, can, permissions, scopesOfRole } from "./permissions.ts";
import { type Role, roles, type Scope, scopes } from "./principal.ts";

const actions = Object.keys(permissions) as Action[];
const person = (role: Role, granted: readonly Scope[] = scopes) => ({ role, scopes: granted });

test("each role may do what it is for and nothing more", () => {
  const allowed = (role: Role) => actions.filter((action) => can(person(role), action));
  const reading: Action[] = ["tasks.read", "projects.read", "history.read", "tokens.manage"];
  expect(allowed("viewer").toSorted()).toEqual(reading.toSorted());
  const changing: Action[] = [...reading, "tasks.change", "projects.change"];
  expect(allowed("member").toSorted()).toEqual(changing.toSorted());
  for (const role of ["admin", "owner"] as const) {
    expect(allowed(role).toSorted()).toEqual(([...changing, "workspace.manage"] as Action[]).toSorted());
  }
});

test("a credential narrows its maker's role and never widens it", () => {
  expect(can(person("owner", ["tasks:read"]), "tasks.change")).toBe(false);
  expect(can(person("viewer", ["tasks:write"]), "tasks.change")).toBe(false);
  for (const role of roles) for (const action of actions) expect(can(person(role, []), action)).toBe(false);
});

test("a role's credentials can be given the scopes of what it allows", () => {
  expect(scopesOfRole("owner")).toEqual(["tasks:read", "tasks:write", "workspace:admin"]);
  expect(scopesOfRole("admin")).toEqual(["tasks:read", "tasks:write", "workspace:admin"]);
  expect(scopesOfRole("member")).toEqual(["tasks:read", "tasks:write"]);
  expect(scopesOfRole("viewer")).toEqual(["tasks:read"]);
});

test("a refusal says whether the role or the credential is too little", () => {
  expect(() => authorize(person("member"), "tasks.change")).not.toThrow();
  expect(() => authorize(person("viewer"), "tasks.change")).toThrow(Problem);
  expect(() => authorize(person("viewer"), "tasks.change")).toThrow("You are viewer");
  expect(() => authorize(person("owner", ["tasks:read"]), "tasks.change")).toThrow("the scope tasks:write");
});
