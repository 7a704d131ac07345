@external("env", "hostcall_req_get_method")
declare function getMethod(text: usize, length: usize, request: i32): void;
@external("env", "hostcall_req_get_path")
declare function getPath(text: usize, length: usize, request: i32): void;
@external("env", "hostcall_req_get_body")
declare function getBody(text: usize, length: usize, request: i32): void;
@external("env", "hostcall_resp_set_body")
declare function setBody(response: i32, text: usize, length: usize): i32;

// The host allocates through these two.
export function malloc(size: usize): usize {
  return heap.alloc(size);
}

export function free(pointer: usize): void {
  heap.free(pointer);
}

/** Where the host writes a pointer and a length. */
const out = memory.data(8);

function written(): string {
  return String.UTF8.decodeUnsafe(load<usize>(out), load<usize>(out + 4));
}

export function run(): void {
  getMethod(out, out + 4, 0);
  let answer = "asc: " + written();
  getPath(out, out + 4, 0);
  answer += " " + written();
  getBody(out, out + 4, 0);
  const bytes = String.UTF8.encode(answer + " " + written() + "\n");
  setBody(0, changetype<usize>(bytes), bytes.byteLength);
}
