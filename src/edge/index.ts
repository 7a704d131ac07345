// The edge: serves deployments over HTTP/1.1, HTTPS and HTTP/2.
export type { Offence } from "./accounts/run-accounts.ts";
export { FAMILIES, type Family, type Series } from "./accounts/series.ts";
export { CONTROL_HEADERS, type FromEdge, type ToEdge } from "./messages.ts";
export type { RecordedFrame, RequestRecord } from "./records/request-record.ts";
export { startEdge, type EdgeOptions, type EdgeServer } from "./server.ts";
export { authorityCertificatePath } from "./tls/authority-path.ts";
export { ensureAuthority, type Authority } from "./tls/authority.ts";
export type { EdgeStats, ProgramHost, ProgramSite, Responder, RunContext } from "./types.ts";
