// Builds in this process, without a server, with the same compilers and checks.
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBuilder } from "../builder/index.ts";
import type { Config } from "../config/index.ts";
import { makeFolder } from "../config/make-folder.ts";
import { loadConfig } from "../config/load.ts";
import { createArtifactBuilder } from "../control/artifacts/artifact-builder.ts";
import { fromWire, TerrariumError, toWire } from "../errors/index.ts";
import type { Language } from "../languages/index.ts";
import type { ModuleLayout } from "../wasm/layout.ts";
import type { CommandContext } from "./command.ts";
import { readProject } from "./project-files.ts";

/** The result of a local build. */
export interface LocalBuild {
  readonly wasm: Uint8Array;
  readonly language: Language;
  readonly layout: ModuleLayout;
}

/** Builds and checks. Throws the TerrariumError with which a deploy would fail. */
export async function buildHere(
  context: CommandContext,
  path: string,
  options: { readonly language: Language | undefined; readonly flags: readonly string[] },
): Promise<LocalBuild> {
  const files = await readProject(context, path);
  const { config, discard } = withCacheFolder(loadConfig({}, context.environment, context.cwd));
  const { terminal } = context;
  let hasOutput = false;
  const builder = createBuilder(config);
  const artifacts = createArtifactBuilder(builder, config);
  try {
    const artifact = await artifacts.build(files, {
      hint: null,
      language: options.language ?? null,
      flags: options.flags,
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.kind === "output") {
          hasOutput ||= event.text.trim() !== "";
          terminal.output(event.text);
        } else if (event.kind === "phase") {
          terminal.detail(event.label);
          terminal.waitFor(event.label);
        }
      },
    });
    const [, , wasm = new Uint8Array()] = artifact.blobs;
    return { wasm, language: artifact.manifest.language, layout: artifact.manifest.layout };
  } catch (error) {
    throw hasOutput ? withoutOutput(error) : error;
  } finally {
    terminal.waitFor(null);
    await Promise.all([builder.close(), artifacts.close()]);
    discard();
  }
}

/** The compiler's text was printed as it came: the error that ends the command does not print it again. */
export function withoutOutput(error: unknown): unknown {
  if (!(error instanceof TerrariumError) || error.code !== "TER_BUILD_FAILED") return error;
  return fromWire({ ...toWire(error), message: "Build failed" });
}

/** A home that cannot be written costs the build cache, not the build: what compilers need goes to a temporary folder. */
function withCacheFolder(config: Config): { readonly config: Config; readonly discard: () => void } {
  try {
    makeFolder(config.dataDir, 0o700);
    accessSync(config.dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return { config, discard: () => undefined };
  } catch {
    const dataDir = mkdtempSync(join(tmpdir(), "terrarium-build-"));
    return {
      config: { ...config, dataDir },
      discard: () => rmSync(dataDir, { recursive: true, force: true }),
    };
  }
}
