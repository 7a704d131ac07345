// What the parsing process is asked, and what it answers. Everything a stranger sends to the supervisor in a
// format of its own is read there: JSON with an archive in it, archives, project files, modules.
import type { WireError } from "../../errors/index.ts";
import type { ProjectManifest } from "../../builder/index.ts";
import type { Limits } from "../../config/index.ts";
import type { Language } from "../../languages/index.ts";
import type { ProjectFiles } from "../../project/index.ts";
import type { ModuleInfo } from "../../wasm/index.ts";

/** A deploy request in JSON, read; the archive is still packed. */
interface DeployRequest {
  readonly archive: Uint8Array;
  readonly lang: string | null;
  readonly options: readonly string[] | null;
  readonly name: string | null;
  readonly ttl: string | null;
}

/** A project, unpacked. */
export interface ParsedProject {
  readonly files: ProjectFiles;
  readonly manifest: ProjectManifest;
  readonly language: Language;
}

/** Jobs by name: what goes in, and what comes out. */
export interface ParseJobs {
  /** Of the REST API: unknown fields are refused. */
  readonly "deploy-request": {
    readonly input: { readonly json: Uint8Array };
    readonly output: DeployRequest;
  };
  /** Of the protocol of 2019: unknown fields are ignored. */
  readonly "protocol-request": {
    readonly input: { readonly json: Uint8Array };
    readonly output: DeployRequest;
  };
  readonly project: {
    readonly input: {
      readonly archive: Uint8Array;
      readonly limits: Pick<Limits, "uploadBytes" | "unpackedBytes" | "archiveEntries">;
      /** What a person asked for: obeyed or refused. */
      readonly asked?: Language | null;
      readonly hint: string | null;
    };
    readonly output: ParsedProject;
  };
  readonly module: { readonly input: { readonly wasm: Uint8Array }; readonly output: ModuleInfo };
}

export type ParseJobName = keyof ParseJobs;

export type ParseRequest = {
  readonly [Name in ParseJobName]: { readonly name: Name; readonly input: ParseJobs[Name]["input"] };
}[ParseJobName];

export type ParseReply =
  | { readonly kind: "parsed"; readonly output: ParseJobs[ParseJobName]["output"] }
  | { readonly kind: "refused"; readonly error: WireError };
