import { idSchema } from "@rondo/task";
import { type } from "arktype";
import { changesSchema } from "./contract.ts";

const workspaceFact = type({
  workspace: { id: idSchema, name: "string", personal: "boolean" },
  changes: changesSchema,
});

/** A member is named by the id of the person: a name or an e-mail address has no place in the trail. */
const memberFact = type({
  member: { id: idSchema, workspace_id: idSchema, user_id: idSchema, role: "string" },
  changes: changesSchema,
});

/** Of workspaces and who belongs to them. The api's database states them where it makes these rows: `svc/api/migrations`. */
export const workspaceContracts = {
  "workspace.created.v1": { schema: workspaceFact },
  "workspace.member_added.v1": { schema: memberFact },
};
