// Runs a freshly built module with just enough around it for tests of compilers: output captured, everything
// else refused.

export interface TestRun {
  readonly printed: string;
  /** Message of what it threw, or null. */
  readonly trap: string | null;
  /** Offsets into the module, innermost frame first. */
  readonly offsets: readonly number[];
}

/** Calls `_initialize`, if there is one, and `run`. */
export function runModule(wasm: Uint8Array): TestRun {
  const module = new WebAssembly.Module(wasm);
  let printed = "";
  let memory: WebAssembly.Memory | undefined;
  const write = (_: number, vectors: number, count: number, written: number): number => {
    const view = new DataView(memory!.buffer);
    let total = 0;
    for (let index = 0; index < count; index++) {
      const [start, length] = [
        view.getUint32(vectors + 8 * index, true),
        view.getUint32(vectors + 8 * index + 4, true),
      ];
      printed += Buffer.from(memory!.buffer, start, length).toString();
      total += length;
    }
    view.setUint32(written, total, true);
    return 0;
  };
  const imports: WebAssembly.ImportObject = { env: {}, wasi_snapshot_preview1: {} };
  const badDescriptor = 8;
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    imports[from]![name] = name === "fd_write" ? write : () => badDescriptor;
  const instance = new WebAssembly.Instance(module, imports);
  memory = instance.exports["memory"];
  try {
    instance.exports["_initialize"]?.();
    instance.exports["run"]!();
    return { printed, trap: null, offsets: [] };
  } catch (error) {
    const { message, stack = "" } = error as Error;
    const offsets = [...stack.matchAll(/wasm-function\[\d+\]:0x([0-9a-f]+)/g)].map(([, hex = ""]) =>
      Number.parseInt(hex, 16),
    );
    return { printed, trap: message, offsets };
  }
}
