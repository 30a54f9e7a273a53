import { createAccessControl } from "better-auth/plugins/access";
import { adminAc, defaultStatements, memberAc, ownerAc } from "better-auth/plugins/organization/access";

/** What each role may do with the workspace itself; what it may do with tasks is `permissions` of @rondo/identity. */
export const workspaceAccess = createAccessControl(defaultStatements);

export const workspaceRoles = {
  owner: workspaceAccess.newRole(ownerAc.statements),
  admin: workspaceAccess.newRole(adminAc.statements),
  member: workspaceAccess.newRole(memberAc.statements),
  viewer: workspaceAccess.newRole(memberAc.statements),
};
