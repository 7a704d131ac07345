// The part of the WebAssembly JavaScript API (with JSPI) that Terrarium uses; @types/node has none of it.
declare namespace WebAssembly {
  type ExternKind = "function" | "memory" | "table" | "global" | "tag";
  type ImportValue = Function | Memory | Table | Global | Tag | Suspending;
  type ImportObject = Record<string, Record<string, ImportValue>>;

  class Module {
    constructor(bytes: ArrayBufferView | ArrayBuffer);
    static imports(module: Module): { module: string; name: string; kind: ExternKind }[];
    static exports(module: Module): { name: string; kind: ExternKind }[];
    static customSections(module: Module, name: string): ArrayBuffer[];
  }
  class Instance {
    constructor(module: Module, imports?: ImportObject);
    readonly exports: Record<string, Function & Memory & Table & Global>;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Table {
    constructor(descriptor: { element: "anyfunc" | "externref"; initial: number; maximum?: number });
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value?: unknown): void;
    grow(count: number, value?: unknown): number;
  }
  class Global {
    constructor(descriptor: { value: string; mutable?: boolean }, value?: unknown);
    value: number | bigint;
    valueOf(): number | bigint;
  }
  class Tag {
    constructor(type: { parameters: string[] });
  }
  class Exception extends Error {
    is(tag: Tag): boolean;
  }
  /** Wraps an import that may return a promise: the guest waits for it, the event loop does not. */
  class Suspending {
    constructor(call: Function);
  }
  /** Makes an export return a promise, so that it may be suspended. */
  function promising(exported: Function): (...args: (number | bigint)[]) => Promise<unknown>;
  function compile(bytes: ArrayBufferView | ArrayBuffer): Promise<Module>;
  function validate(bytes: ArrayBufferView | ArrayBuffer): boolean;
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}
  /** Thrown at a guest that would have to be suspended although JavaScript lies on its stack. */
  class SuspendError extends Error {}
}
