// Turns a project into the artifact that edges load: compile, check and rewrite, collect the assets.
import { assetsOf, type Builder, readManifest } from "../../builder/index.ts";
import type { Config } from "../../config/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { digestOf } from "../../store/digest.ts";
import type { Language } from "../../languages/index.ts";
import type { ArtifactManifest, AssetEntry } from "../../store/types.ts";
import type { RewrittenModule } from "../../wasm/index.ts";
import type { ArtifactBuilder, BuiltArtifact } from "../deployments/types.ts";
import { sizeWithoutDebug } from "./module-size.ts";
import type { EdgeSandbox } from "../../sandbox/edge-sandbox.ts";
import { Rewriter } from "../rewriting/rewriter.ts";

/** The builder of a supervisor, or of a command that builds without one. */
export function createArtifactBuilder(
  builder: Builder,
  { limits }: Pick<Config, "limits">,
  sandbox: EdgeSandbox | null = null,
): ArtifactBuilder {
  const rewriter = new Rewriter(limits, sandbox);
  return {
    async build(files, options) {
      const { manifest = readManifest(files), onEvent } = options;
      const { wasm, language } = await builder.build(files, { ...options, manifest });
      const sizeBytes = sizeWithoutDebug(wasm);
      if (sizeBytes > limits.moduleBytes) {
        throw new TerrariumError("TER_WASM_TOO_LARGE", {
          used: sizeBytes,
          allowed: limits.moduleBytes,
        });
      }
      onEvent({ kind: "phase", phase: "check", label: "Checking the module" });
      const assembled = assemble(
        wasm,
        await rewriter.rewrite(wasm),
        assetsOf(files, manifest, wasm),
        language,
      );
      const { settings } = manifest;
      return settings === undefined
        ? assembled
        : { ...assembled, manifest: { ...assembled.manifest, settings } };
    },
    prewarm: () => rewriter.prewarm(),
    close: () => rewriter.close(),
  };
}

function assemble(
  wasm: Uint8Array,
  rewritten: RewrittenModule,
  files: ReadonlyMap<string, Uint8Array>,
  language: Language,
): BuiltArtifact {
  const assets = [...files].map(
    ([path, bytes]) => [path, { digest: digestOf(bytes), sizeBytes: bytes.byteLength }, bytes] as const,
  );
  const manifest: ArtifactManifest = {
    version: 1,
    language,
    module: digestOf(rewritten.bytes),
    layout: rewritten.layout,
    codeMap: digestOf(rewritten.codeMap),
    original: digestOf(wasm),
    assets: Object.fromEntries(assets.map(([path, entry]): [string, AssetEntry] => [path, entry])),
  };
  return {
    manifest,
    blobs: [rewritten.bytes, rewritten.codeMap, wasm, ...assets.map(([, , bytes]) => bytes)],
  };
}
