// Entry point of the rewriter's thread.
import { parentPort } from "node:worker_threads";
import { TerrariumError, toWire } from "../../errors/index.ts";
import { rewriteModule } from "../../wasm/index.ts";
import { HOST_IMPORTS } from "../../abi/index.ts";
import type { RewriteReply, RewriteRequest } from "./rewriter.ts";

parentPort?.on("message", (request: RewriteRequest) => {
  const reply = answer(request);
  parentPort?.postMessage(reply, reply.kind === "rewritten" ? [reply.module.bytes.buffer] : []);
});

function answer({ wasm, maxMemoryPages, maxTableEntries }: RewriteRequest): RewriteReply {
  try {
    return {
      kind: "rewritten",
      module: rewriteModule(wasm, {
        hostImports: HOST_IMPORTS,
        interruptible: true,
        maxMemoryPages,
        maxTableEntries,
      }),
    };
  } catch (error) {
    if (error instanceof TerrariumError) return { kind: "refused", error: toWire(error) };
    return { kind: "broken", reason: String(error) };
  }
}
