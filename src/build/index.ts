// From a project's files to a WebAssembly module.
export { BuildFailure } from "./build-failure.ts";
export { type Build, type Builder, createBuilder } from "./builder.ts";
export {
  defaultRustSettings,
  RustCompiler,
  type RustSettings,
  type RustState,
  rustState,
} from "./compilers/rust.ts";
export { localProjectFiles } from "./rust/local-project.ts";
export { isMissing } from "./rust/toolchain.ts";
export { cratesWords, sandboxWords, toolchainWords, type Words } from "./rust/words.ts";
export { assetsOf } from "./project/assets.ts";
export { detectLanguage } from "./project/language.ts";
export { manifestSchema, readManifest } from "./project/manifest.ts";
export { readArchive } from "./project/read-archive.ts";
export { readFolder } from "./project/read-folder.ts";
export { writeArchive } from "./project/write-archive.ts";
export type { BuildEvent, ProjectFiles, SourceFrame } from "./types.ts";
