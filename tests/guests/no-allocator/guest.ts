import { hostcall_req_get_body, hostcall_resp_set_body, INCOMING, OUTGOING } from "http_guest/hostcalls";

const CELLS: usize = memory.data(8, 4);
const NOTHING: StaticArray<u8> = [0x6e, 0x6f, 0x74, 0x68, 0x69, 0x6e, 0x67];

export function run(): void {
  store<u64>(CELLS, -1);
  hostcall_req_get_body(CELLS, CELLS + 4, INCOMING);
  const nothing = load<u64>(CELLS) == 0;
  hostcall_resp_set_body(OUTGOING, changetype<usize>(NOTHING), nothing ? <usize>NOTHING.length : 0);
}
