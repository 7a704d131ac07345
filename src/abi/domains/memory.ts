// How the host gets memory inside the guest.
import type { HostcallTable } from "../types.ts";

export const MEMORY_HOSTCALLS = {
  hostcall_init_mm: {
    domain: "memory",
    params: [
      { name: "malloc_fn", type: "i32", role: "allocate-function" },
      { name: "free_fn", type: "i32", role: "free-function" },
    ],
    result: null,
    maySuspend: false,
    summary:
      "Names the allocator, by indices into table 0, from which " +
      "the host takes memory for everything it returns.",
    example: "hostcall_init_mm(malloc, free);",
  },
} as const satisfies HostcallTable;
