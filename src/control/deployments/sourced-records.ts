// Records of requests, with the source lines of their traps if the module has debug information.
import type { SourceFrame } from "../../compiler-host/index.ts";
import type { RecordedFrame, RequestRecord } from "../../edge/index.ts";
import type { ArtifactStore, DeploymentId } from "../../store/types.ts";

/** Traps of one deployment whose locations are looked up; a repeated trap counts once. */
const MAX_OFFSETS = 200;

/** What a lookup needs from the platform. */
export interface SourceLookup {
  readonly store: { readonly artifacts: ArtifactStore };
  readonly symbolize: (
    wasm: Uint8Array,
    offsets: readonly number[],
  ) => Promise<readonly (readonly SourceFrame[])[]>;
}

/** A frame with its source location. */
interface SourcedFrame extends RecordedFrame {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** A record whose frames have locations; inlined callees are separate frames. */
export type SourcedRecord = Omit<RequestRecord, "fault"> & {
  readonly fault:
    | null
    | (Omit<NonNullable<RequestRecord["fault"]>, "frames"> & { readonly frames: readonly SourcedFrame[] });
};

/** Adds source locations, where they can be found. */
export async function sourcedRecords(
  platform: SourceLookup,
  id: DeploymentId,
  records: readonly RequestRecord[],
): Promise<SourcedRecord[]> {
  const offsets = [
    ...new Set(records.flatMap(({ fault }) => fault?.frames.flatMap(({ offset }) => offset ?? []) ?? [])),
  ].slice(0, MAX_OFFSETS);
  const locations = offsets.length === 0 ? [] : await lookUpFrames(platform, id, offsets).catch(() => []);
  const byOffset = new Map(offsets.map((offset, index) => [offset, locations[index] ?? []]));
  return records.map(({ fault, ...record }) => {
    if (fault === null) return { ...record, fault };
    return {
      ...record,
      fault: {
        ...fault,
        frames: fault.frames.flatMap((frame) =>
          spread(frame, frame.offset === null ? [] : (byOffset.get(frame.offset) ?? [])),
        ),
      },
    };
  });
}

/** Locations of offsets into a deployment's module as built. */
export async function lookUpFrames(
  { store, symbolize }: SourceLookup,
  id: DeploymentId,
  offsets: readonly number[],
): Promise<readonly (readonly SourceFrame[])[]> {
  const manifest = await store.artifacts.get(id);
  const wasm = manifest === undefined ? undefined : await store.artifacts.blob(manifest.original);
  return wasm === undefined ? [] : await symbolize(wasm, offsets);
}

function spread(frame: RecordedFrame, locations: readonly SourceFrame[]): SourcedFrame[] {
  if (locations.length === 0) return [{ ...frame, file: null, line: null, column: null }];
  return locations.map(({ functionName, file, line, column }) => ({
    functionName: functionName ?? frame.functionName,
    offset: frame.offset,
    file,
    line,
    column,
  }));
}
