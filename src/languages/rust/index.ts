// Rust for the other rooms: settings, the state of this machine's toolchain, files for a person's own cargo.
export { RustCompiler } from "./compiler.ts";
export { type RustState, rustState } from "./state.ts";
export { localProjectFiles } from "./local-project.ts";
export { defaultRustSettings, type RustSettings } from "./settings.ts";
export { cratesText, sandboxText, toolchainText, type StateText } from "./state-text.ts";
export { isToolchainMissing } from "./toolchain.ts";
