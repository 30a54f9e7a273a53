import { accountContract, keyContract, ownAccountContract } from "./account.ts";
import { auditContract } from "./audit.ts";
import { meContract } from "./me.ts";
import { operationContract } from "./operation.ts";
import { projectContract } from "./project.ts";
import type { Contract, Route } from "./route.ts";
import { sessionContract } from "./session.ts";
import { taskContract } from "./task.ts";
import { tokenContract } from "./token.ts";

/** Calls as a client has them: `api.tasks.list`, `api.undo`. */
export interface CallTree {
  readonly [name: string]: Route | CallTree;
}

/** What a person or a program can call in its own name. */
export const rondo = {
  tasks: taskContract,
  projects: projectContract,
  undo: operationContract.undo,
  audit: auditContract,
  me: meContract.me,
  workspaces: meContract.workspaces,
  tokens: tokenContract,
  sessions: sessionContract,
} satisfies CallTree;

/** Every contract of the public interface, in the order of the OpenAPI document. */
export const allContracts: readonly Contract[] = [
  accountContract,
  ownAccountContract,
  sessionContract,
  keyContract,
  meContract,
  tokenContract,
  taskContract,
  projectContract,
  operationContract,
  auditContract,
];

/** What the document says of each tag. */
export const tags: readonly { readonly name: string; readonly description: string }[] = [
  { name: "tasks", description: "Create, read, list, change, complete, move, bin and restore." },
  { name: "projects", description: "Lists of tasks; each workspace has an Inbox." },
  { name: "operations", description: "Undo." },
  { name: "identity", description: "Who you are, your workspaces and API tokens." },
  { name: "auth", description: "Accounts and sessions." },
  { name: "audit", description: "Every change, with who made it and what was there before." },
];
