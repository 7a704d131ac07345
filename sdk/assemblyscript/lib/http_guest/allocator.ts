// Gives the host its way to memory, from the module's start function: every hostcall that returns something
// needs it.
import { hostcall_init_mm } from "./hostcalls";

function allocate(size: usize): usize {
  return heap.alloc(size);
}

function release(pointer: usize): void {
  heap.free(pointer);
}

hostcall_init_mm(allocate.index, release.index);
