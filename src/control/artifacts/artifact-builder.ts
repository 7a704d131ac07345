// From a project to the artifact that edges load: compile, check and rewrite, collect the assets.
import { createHash } from "node:crypto";
import { assetsOf, type Builder, type ProjectFiles } from "../../build/index.ts";
import type { Config } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import type { ArtifactManifest, AssetEntry, Digest, Language } from "../../store/types.ts";
import { rewriteModule } from "../../wasm/index.ts";
import { HOST_IMPORTS } from "./host-imports.ts";
import type { ArtifactBuilder, BuiltArtifact } from "../deployments/types.ts";

/** The builder of one supervisor, or of a command that builds without one. */
export function createArtifactBuilder(builder: Builder, config: Pick<Config, "limits">): ArtifactBuilder {
  return {
    async build(files, options) {
      const { hint, flags, onEvent, signal } = options;
      const { wasm, language } = await builder.build(files, { hint, flags, onEvent, signal });
      const { limits } = config;
      if (wasm.byteLength > limits.moduleBytes) {
        throw new TerrariumError("TER_WASM_TOO_LARGE", { used: wasm.byteLength, allowed: limits.moduleBytes });
      }
      onEvent({ kind: "phase", phase: "check", label: "Checking the module" });
      return assemble(wasm, files, language, config);
    },
  };
}

function assemble(wasm: Uint8Array, files: ProjectFiles, language: Language, { limits }: Pick<Config, "limits">): BuiltArtifact {
  const rewritten = rewriteModule(wasm, {
    hostImports: HOST_IMPORTS,
    interruptible: true,
    maxMemoryPages: limits.memoryPages,
    maxTableEntries: limits.tableEntries,
  });
  const assets = [...assetsOf(files, wasm)].map(([path, bytes]) => [path, { digest: digestOf(bytes), sizeBytes: bytes.byteLength }, bytes] as const);
  const manifest: ArtifactManifest = {
    version: 1,
    language,
    module: digestOf(rewritten.bytes),
    layout: rewritten.layout,
    codeMap: digestOf(rewritten.codeMap),
    original: digestOf(wasm),
    assets: Object.fromEntries(assets.map(([path, entry]): [string, AssetEntry] => [path, entry])),
  };
  return { manifest, blobs: [rewritten.bytes, rewritten.codeMap, wasm, ...assets.map(([, , bytes]) => bytes)] };
}

function digestOf(bytes: Uint8Array): Digest {
  return createHash("sha256").update(bytes).digest("hex") as Digest;
}
