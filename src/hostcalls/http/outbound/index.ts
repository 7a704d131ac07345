// HTTP out of guests.
export type { OwnEndpoint } from "./address-policy.ts";
export {
  type CallBudget,
  type CallTree,
  createOutbound,
  type LocalSite,
  type OutboundService,
} from "./outbound.ts";
