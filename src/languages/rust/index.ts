// Rust for the other rooms: settings, the state of this machine's toolchain, files for a person's own cargo.
export {
  defaultRustSettings,
  RustCompiler,
  type RustSettings,
  type RustState,
  rustState,
} from "./compiler.ts";
export { localProjectFiles } from "./local-project.ts";
export { cratesText, sandboxText, toolchainText, type StateText } from "./state-text.ts";
export { isToolchainMissing } from "./toolchain.ts";
