import {
  bytes_to_string,
  dns_query_ip,
  dns_query_raw,
  KVStore,
  Request,
  Response,
  rng_next_u64,
  run_user_kvs,
  select,
  string_to_bytes,
  Time,
} from "./http_guest";

function text(body: string): Response {
  const response = new Response();
  response.body_string = body;
  return response;
}

function upstream(request: Request, path: string): Request {
  return new Request("GET", request.get_header("x-url")![0] + path);
}

function echo(request: Request): Response {
  const response = new Response();
  response.status = 201;
  response.set_header("X-Names", request.get_headers());
  response.set_header("x-many", request.get_header("X-MANY")!);
  response.body = request.body;
  return response;
}

function changed(request: Request): Response {
  const out = new Request("POST", request.get_header("x-url")![0]);
  out.set_header("x-test", ["a", "b"]);
  out.body_string = "ping";
  const response = out.send()!;
  response.set_header("X-Reply", ["three"]);
  response.set_header("x-new", [response.get_header("x-reply")!.join("+")]);
  response.body_string = response.body_string.toUpperCase();
  return response;
}

function first_of_two(request: Request): Response {
  const held = upstream(request, "/held").send_async()!;
  const fast = upstream(request, "/fast").send_async()!;
  const early = held.poll();
  const first = select([held, fast]);
  const words = [early.is_ready.toString(), first.pending_req.equals(fast).toString(), first.body_string];
  upstream(request, "/release").send();
  const last: Response = held.wait()!;
  words.push(last.body_string);
  words.push((last.pending_req == held).toString());
  words.push((held.wait() === null).toString());
  return text(words.join(" "));
}

function failures(request: Request): Response {
  const pending = upstream(request, "/").send_async();
  const malformed = new Request("GE T", "nonsense");
  const words = [
    (upstream(request, "/").send() === null).toString(),
    (pending === null || pending.wait() === null).toString(),
    (malformed.send() === null).toString(),
    (malformed.send_async() === null).toString(),
    (request.get_header("x-absent") === null).toString(),
    (new Response().get_header("x-absent") === null).toString(),
  ];
  const polled = upstream(request, "/").send_async();
  if (polled !== null) words.push(select([polled]).is_error.toString());
  return text(words.join(" "));
}

function decoded(request: Request): Response {
  const response = new Response();
  const bytes = request.get_header_bytes("x-bytes");
  response.set_header("x-bytes", [
    request.get_header("x-bytes")![0],
    bytes === null ? "null" : bytes[0].join("."),
  ]);
  response.body_string = request.body_string;
  return response;
}

function sent_or_502(request: Request): Response {
  const response = request.send();
  return response === null ? new Response(502) : response;
}

function keys(store: KVStore): Response {
  const words = [(store.get("k") == null).toString(), store.upsert("k", string_to_bytes("ä")).toString()];
  words.push(store.append("k", string_to_bytes("b")).toString());
  const value = store.get("k");
  if (value !== null) words.push(bytes_to_string(value));
  words.push(store.insert("k", []).toString());
  const empty = store.get("k");
  words.push(empty === null ? "null" : empty.length.toString());
  words.push(store.remove("k").toString());
  words.push(store.remove("k").toString());
  return text(words.join(" "));
}

function changed_in_place(store: KVStore): Response {
  const old = string_to_bytes("ä");
  store.insert("k", old);
  const words = [store.compare_and_set("k", string_to_bytes("a"), []).toString()];
  words.push(store.compare_and_set("k", old, string_to_bytes("9")).toString());
  words.push(store.compare_and_set("none", [], old).toString());
  words.push(store.increment("k").toString());
  words.push(store.increment("k", -30).toString());
  words.push(bytes_to_string(store.get("k")!));
  return text(words.join(" "));
}

function increment_text(store: KVStore): Response {
  store.insert("k", string_to_bytes("ten"));
  return text(store.increment("k").toString());
}

function moments(): Response {
  const now = Time.now();
  const later = new Time(now.seconds, now.subsec_nanos + 1);
  const results = [now == now, now != later, now < later, later > now, now <= now, later >= now, now > later];
  return text(now.seconds.toString() + " " + now.subsec_nanos.toString() + " " + results.join(" "));
}

function names(): Response {
  const addresses = dns_query_ip("a.test", false);
  const query: Array<u8> = [
    0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 4, 0x74, 0x65, 0x73, 0x74, 0, 0, 1, 0, 1,
  ];
  const answer = dns_query_raw(query);
  const words: string[] = [
    addresses === null ? "null" : addresses[0].join("."),
    (dns_query_ip("b.test") == null).toString(),
  ];
  words.push(answer === null ? "null" : (answer[0] == 0x12 && answer[1] == 0x34).toString());
  return text(words.join(" "));
}

function out_of_range(): Response {
  const list: Array<i32> = [];
  return text(list[5].toString());
}

function answer(store: KVStore, request: Request): Response {
  if (request.url == "/echo") return echo(request);
  if (request.url == "/proxy") return sent_or_502(upstream(request, "/"));
  if (request.url == "/changed") return changed(request);
  if (request.url == "/select") return first_of_two(request);
  if (request.url == "/failures") return failures(request);
  if (request.url == "/decoded") return decoded(request);
  if (request.url == "/throw-text") throw "only text";
  if (request.url == "/throw-sum") throw "the sum is " + (1 + 1).toString();
  if (request.url == "/throw-variable") {
    const error = new Error("by a variable");
    throw error;
  }
  if (request.url == "/kv") return keys(store);
  if (request.url == "/kv-change") return changed_in_place(store);
  if (request.url == "/kv-text") return increment_text(store);
  if (request.url == "/time") return moments();
  if (request.url == "/dns") return names();
  if (request.url == "/random")
    return text(
      (rng_next_u64() != rng_next_u64()).toString() + " " + (Math.random() != Math.random()).toString(),
    );
  if (request.url == "/throw") throw new Error("out of ☕ and 😀");
  if (request.url == "/abort") abort();
  if (request.url == "/assert") assert(request.url == "/", "not the root");
  if (request.url == "/index") return out_of_range();
  if (request.url == "/log") {
    console.log("by console");
    trace("by trace", 2, 1, 2.5);
    return text(Date.now().toString());
  }
  const incoming = new Request();
  incoming.url = request.get_header("x-url")![0] + request.url;
  incoming.method = request.method;
  return sent_or_502(incoming);
}

export function run(): void {
  run_user_kvs(answer);
}
