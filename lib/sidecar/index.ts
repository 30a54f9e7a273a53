export { createSidecar, type Sidecar, SidecarAway, type SidecarOptions, type SidecarRequest } from "./sidecar.ts";
export { sidecarOnly } from "./sidecar_only.ts";
