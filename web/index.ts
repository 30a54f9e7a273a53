export { wireWeb } from "./wire.ts";
