/**
 * Whether a subscription names a type of event. @param types names without version: `task.completed`, `task.*` or `*`
 * @param type with its version: `task.completed.v1`
 */
export function isNamed(types: readonly string[], type: string): boolean {
  const name = type.replace(/\.v\d+$/, "");
  const thing = name.slice(0, name.indexOf(".") + 1);
  return types.some((wanted) => wanted === "*" || wanted === name || wanted === `${thing}*`);
}
