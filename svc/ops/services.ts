import { apiManifest } from "@rondo/api/manifest";
import { auditManifest } from "@rondo/audit/manifest";
import type { Manifest } from "@rondo/service/manifest";
import { syncManifest } from "@rondo/sync/manifest";
import { webManifest } from "@rondo/web/manifest";

const manifests = { api: apiManifest, audit: auditManifest, web: webManifest, sync: syncManifest } as const;

export type ServiceName = keyof typeof manifests;

/** A service of a deployment. */
export type ServiceManifest = Manifest & { readonly name: ServiceName };

/** Every service of a deployment. */
export const services: readonly ServiceManifest[] = Object.values(manifests);

export const serviceNames: readonly ServiceName[] = services.map(({ name }) => name);

export const manifestOf = (name: ServiceName): ServiceManifest => manifests[name];
