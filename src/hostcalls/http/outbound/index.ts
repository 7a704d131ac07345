// HTTP out of guests.
export type { OwnEndpoint } from "./address-policy.ts";
export { createOutbound, type LocalSite, type OutboundService } from "./outbound.ts";
