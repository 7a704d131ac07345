import type { ErrorEntry } from "../terrarium-error.ts";

/** Projects and compilers. */
export const BUILD_ERRORS = {
  TER_BUILD_FAILED: { kind: "user", status: 422, message: "{output}" },
  TER_BUILD_TIMEOUT: {
    kind: "user",
    status: 422,
    message: "The {language} compiler was stopped after {seconds} s",
  },
  TER_BUILD_NO_ENTRY: {
    kind: "user",
    status: 422,
    message: "The project has no entry file: expected {expected}",
  },
  TER_BUILD_AMBIGUOUS: {
    kind: "user",
    status: 422,
    message: "The project could be any of {languages}: say which one with `lang` or in terrarium.toml",
  },
  TER_BUILD_NO_COMPILER: { kind: "user", status: 422, message: "This server cannot build {language}" },
  TER_BUILD_STOPPED: {
    kind: "system",
    status: 503,
    message: "The build was stopped: the platform is shutting down; deploy again",
  },
  TER_BUILD_CRASHED: { kind: "user", status: 422, message: "The {language} compiler gave up: {reason}" },
  TER_BUILD_FLAG_REFUSED: {
    kind: "user",
    status: 422,
    message: "The compiler flag {flag} is not accepted; accepted are {accepted}",
  },
  TER_RUST_MANIFEST: { kind: "user", status: 422, message: "Cargo.toml: {reason}" },
  TER_RUST_MISSING: {
    kind: "user",
    status: 422,
    message: "This server cannot build Rust: {reason}. On the server: {fix}",
  },
  TER_RUST_NO_SANDBOX: {
    kind: "user",
    status: 422,
    message:
      "This server takes programs from other machines and has no " +
      "sandbox for Rust builds. On the server: {fix}",
  },
  TER_RUST_NO_REGISTRY: {
    kind: "user",
    status: 422,
    message:
      "The project needs crates beyond those of the platform, and this server " +
      "does not fetch any. Start it with --allow-registry, or use {known}",
  },
  TER_RUST_PREPARING: {
    kind: "system",
    status: 503,
    message:
      "The crates for Rust programs are being prepared, which happens once and takes some " +
      "minutes: deploy again then. On the server, beforehand: terrarium doctor --fix",
  },
  TER_RUST_PREPARATION: {
    kind: "system",
    status: 503,
    message:
      "The crates for Rust programs cannot be prepared: {reason}. On the server: terrarium doctor --fix",
  },
  TER_PROJECT_FILE_INVALID: { kind: "user", status: 422, message: "terrarium.toml: {reason}" },
  TER_ARCHIVE_INVALID: { kind: "user", status: 400, message: "The archive cannot be read: {reason}" },
  TER_ARCHIVE_TOO_LARGE: {
    kind: "user",
    status: 413,
    message: "The archive holds {used} {unit}, allowed are {allowed}",
  },
} as const satisfies Record<string, ErrorEntry>;
