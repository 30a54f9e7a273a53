export * from "./due.ts";
export * from "./position.ts";
export * from "./priority.ts";
export * from "./project.ts";
export * from "./scalar.ts";
export * from "./task.ts";
export * from "./text.ts";
