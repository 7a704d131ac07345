// From a project's files to a WebAssembly module.
export { assetsOf } from "./assets.ts";
export { BuildFailure } from "./build-failure.ts";
export { type Build, type Builder, createBuilder } from "./builder.ts";
export { manifestSchema, type ProjectManifest, readManifest } from "./manifest.ts";
