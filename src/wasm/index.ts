// WebAssembly modules: read, check, rewrite. Knows no engine.
export type { HostImportTypes, ModuleLimits } from "./accept-module.ts";
export { decodeCodeMap, type CodeMap } from "./code-map.ts";
export { inspectModule, type ModuleInfo } from "./inspect-module.ts";
export * from "./layout.ts";
export { functionNames } from "./names.ts";
export { rewriteModule, type RewriteOptions, type RewrittenModule } from "./rewrite-module.ts";
export { customSection } from "./sections.ts";
