// Builds in this process, without a server, with the same compilers and checks.
import { createBuilder } from "../builder/index.ts";
import { loadConfig } from "../config/load.ts";
import { createArtifactBuilder } from "../control/artifacts/artifact-builder.ts";
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
  folder: string,
  options: { readonly language: string | undefined; readonly flags: readonly string[] },
): Promise<LocalBuild> {
  const files = await readProject(context.cwd, folder);
  const config = loadConfig({}, context.environment, context.cwd);
  const builder = createBuilder(config);
  const artifacts = createArtifactBuilder(builder, config);
  try {
    const artifact = await artifacts.build(files, {
      hint: options.language ?? null,
      flags: options.flags,
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.kind === "output")
          process.stderr.write(event.text.endsWith("\n") ? event.text : `${event.text}\n`);
        else if (event.kind === "phase") context.terminal.detail(event.label);
      },
    });
    const [, , wasm = new Uint8Array()] = artifact.blobs;
    return { wasm, language: artifact.manifest.language, layout: artifact.manifest.layout };
  } finally {
    await Promise.all([builder.close(), artifacts.close()]);
  }
}
