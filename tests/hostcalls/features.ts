// All features whose behaviour is tested in every guest language.
import type { Feature } from "./feature.ts";
import { ALLOCATOR, NO_ALLOCATOR, REQUEST_BODY, REQUEST_HEADERS, REQUEST_LINE } from "./incoming.ts";
import { DEBUG, PANIC, RESPONSE } from "./outgoing.ts";
import { DNS_IP, DNS_RAW, KV, RANDOM, TIME } from "./platform.ts";
import { PENDING, SUBREQUEST } from "./upstream.ts";

export const FEATURES: readonly Feature[] = [
  ALLOCATOR,
  NO_ALLOCATOR,
  REQUEST_LINE,
  REQUEST_HEADERS,
  REQUEST_BODY,
  SUBREQUEST,
  PENDING,
  RESPONSE,
  KV,
  PANIC,
  RANDOM,
  TIME,
  DNS_RAW,
  DNS_IP,
  DEBUG,
];
