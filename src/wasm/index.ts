// Reads, checks and rewrites WebAssembly modules. Independent of the engine.
export type { HostImportTypes } from "./checks/accept-module.ts";
export { decodeCodeMap, type CodeMap } from "./writing/code-map.ts";
export { allowDeepStack, DEEP_STACK_SECTION } from "./writing/deep-stack.ts";
export { inspectModule, type ModuleInfo } from "./inspect-module.ts";
export * from "./layout.ts";
export { rewriteModule, type RewrittenModule } from "./rewrite-module.ts";
