export {
  createSidecar,
  type Sidecar,
  SidecarAway,
  type SidecarOptions,
  type SidecarRequest,
  tokenHeader,
} from "./sidecar.ts";
export { createTokenCheck, sidecarOnly } from "./sidecar_only.ts";
