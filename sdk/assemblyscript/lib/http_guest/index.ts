// The guest library of AssemblyScript programs.
import "./allocator";

export { bytes_to_string, string_to_bytes } from "./bytes";
export { debug } from "./debug";
export { dns_query_ip, dns_query_raw } from "./dns";
export { KVStore } from "./kvstore";
export { panic } from "./panic";
export { rng_next_u64 } from "./random";
export { Request } from "./request";
export { PendingRequest, Response, select } from "./response";
export { run_user, run_user_kvs } from "./run";
export { Time } from "./time";
