// The compiler process: loads one toolchain, does one job after another, and dies with its parent.
import { TerrariumError, toWire } from "../../errors/index.ts";
import { BoundedText } from "../bounded-text.ts";
import type { Diagnostic } from "../compiler.ts";
import { dieWithParent } from "./die-with-parent.ts";
import type { Toolchain, WorkerReply, WorkerRequest, WorkerResult } from "./protocol.ts";

/** More findings than anyone reads would only clog the channel. */
const MAX_DIAGNOSTICS = 500;

/** What a toolchain's module exports. */
interface LoadedModule {
  createToolchain(): Promise<Toolchain>;
}

dieWithParent();
const toolchain = load(process.argv[2] ?? "");
process.on("message", (request: WorkerRequest) => {
  void answer(request);
});

async function load(url: string): Promise<Toolchain> {
  const module = (await import(url)) as LoadedModule;
  return module.createToolchain();
}

async function answer(request: WorkerRequest): Promise<void> {
  try {
    reply({
      kind: "done",
      result: await perform(await toolchain, request),
      rssBytes: process.memoryUsage.rss(),
    });
  } catch (error) {
    if (error instanceof TerrariumError) reply({ kind: "refused", error: toWire(error) });
    else reply({ kind: "crashed", reason: error instanceof Error ? error.message : String(error) });
  }
}

async function perform(toolchain: Toolchain, request: WorkerRequest): Promise<WorkerResult> {
  if (request.kind === "warm") {
    await toolchain.warm();
    return { kind: "warmed" };
  }
  if (request.kind === "symbolize") {
    return { kind: "symbolized", frames: (await toolchain.symbolize?.(request.wasm, request.offsets)) ?? [] };
  }
  if (request.kind === "disassemble")
    return { kind: "disassembled", text: (await toolchain.disassemble?.(request.wasm)) ?? "" };
  const output = new BoundedText(request.maxOutputBytes);
  const write = (text: string): void => {
    const accepted = output.append(text);
    if (accepted !== "") reply({ kind: "output", text: accepted });
  };
  const { wasm, diagnostics } = await toolchain.compile({
    files: request.files,
    flags: request.flags,
    write,
    finished: (part) => reply({ kind: "part", part }),
    ...(request.parts && { parts: request.parts }),
  });
  return { kind: "compiled", wasm, diagnostics: bound(diagnostics) };
}

function bound(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics
    .slice(0, MAX_DIAGNOSTICS)
    .map((diagnostic) => ({ ...diagnostic, message: diagnostic.message.slice(0, 4000) }));
}

function reply(message: WorkerReply): void {
  process.send?.(message);
}
