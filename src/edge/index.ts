// The edge: serves deployments over HTTP/1.1, HTTPS and HTTP/2.
export type { Offence } from "./accounts/run-accounts.ts";
export { type Series } from "./accounts/series.ts";
export type { RecordedFrame, RequestRecord } from "./records/request-record.ts";
