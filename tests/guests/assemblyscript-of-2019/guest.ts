// As programs were written then: an allocator by import, casts in angle brackets, comparisons with null of
// what never is null.
import "allocator/arena";
import { bytes_to_string, KVStore, Request, Response, run_user_kvs, string_to_bytes } from "./http_guest";

declare function unused(x: i32): void;

class Counter {
  hits: u32;
  constructor(public name: string) {
    this.hits = 0;
  }
  count(kvs: KVStore): u32 {
    var stored = kvs.get(this.name);
    if (stored != null) this.hits = <u32>parseInt(bytes_to_string(stored), 10);
    this.hits = this.hits + 1;
    kvs.insert(this.name, string_to_bytes(this.hits.toString()));
    return this.hits;
  }
}

function user_entrypoint(kvs: KVStore, req: Request): Response {
  let resp = new Response();
  let accept = req.get_header("accept");
  let kind: string = accept != null && accept.length > 0 ? accept[0] : "*/*";
  let body: Array<u8> | null = req.body;
  if (body == null) body = new Array<u8>();
  let reversed: u8[] = [];
  for (let i: i32 = <i32>body!.length - 1; i >= 0; i--) reversed.push(body![i]);
  resp.set_header("Content-Type", [kind]);
  resp.status = 200;
  resp.body = string_to_bytes(new Counter("hits").count(kvs).toString() + " " + bytes_to_string(reversed));
  return resp;
}

export function run(): void {
  run_user_kvs((kvs: KVStore, req: Request): Response => user_entrypoint(kvs, req));
}
