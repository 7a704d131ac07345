// Loaded into edges by `--import`: a hostcall that never returns, as a mistake in host code or in V8 would
// have it. No guest can cause that by itself, as far as we know.
import { hostFunctions } from "../../src/hostcalls/index.ts";

const debug = hostFunctions["env"]?.["hostcall_debug"] as unknown as { call: () => void };
debug.call = () => {
  for (;;);
};
