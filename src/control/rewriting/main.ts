// Entry point of a rewriting process: it rewrites one module and lets V8 compile it, as edges will. Whatever
// that does to V8, it happens here first, and the process is not used again.
import { HOST_IMPORTS } from "../../abi/index.ts";
import { TerrariumError, toWire } from "../../errors/index.ts";
import { rewriteModule } from "../../wasm/index.ts";
import type { RewriteReply, RewriteRequest } from "./messages.ts";

process.on("message", (request: RewriteRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit());

async function answer({ wasm, maxMemoryPages, maxTableEntries }: RewriteRequest): Promise<RewriteReply> {
  try {
    const limits = { maxMemoryPages, maxTableEntries };
    const module = rewriteModule(wasm, { hostImports: HOST_IMPORTS, interruptible: true, ...limits });
    await WebAssembly.compile(module.bytes);
    return { kind: "rewritten", module };
  } catch (error) {
    if (error instanceof TerrariumError) return { kind: "refused", error: toWire(error) };
    return { kind: "broken", reason: String(error) };
  }
}
