// Small projects as links: everything is in the hash, which browsers do not send to any server. Never in it:
// values of secret variables, the deployment, its store.
import { bytesOf, contentOf, fromBase64, toBase64url } from "./content.ts";
import type { Project, SavedRequest, Variable } from "./types.ts";
import { withoutSecrets } from "./variables.ts";

/** Longest link that common browsers, chats and terminals pass on whole. */
export const MAX_LINK_CHARACTERS = 32_000;
/** A link may not unpack to more than this. */
const MAX_UNPACKED_BYTES = 4_000_000;
const PREFIX = "#p=";

/** What a link holds. */
export interface SharedProject {
  readonly name: string;
  readonly files: ReadonlyMap<string, string | Uint8Array<ArrayBuffer>>;
  readonly variables: readonly Variable[];
  readonly request: SavedRequest;
}

interface Wire {
  readonly v: 1;
  readonly name: string;
  readonly text: Readonly<Record<string, string>>;
  readonly binary: Readonly<Record<string, string>>;
  readonly variables: readonly Variable[];
  readonly request: SavedRequest;
}

/** The hash of a link to the project. */
export async function shareHash(project: Project): Promise<string> {
  const text: Record<string, string> = {};
  const binary: Record<string, string> = {};
  for (const [path, content] of project.files) {
    if (typeof content === "string") text[path] = content;
    else binary[path] = toBase64url(content);
  }
  const request = { ...project.request, headers: withoutCredentials(project.request.headers) };
  const wire: Wire = {
    v: 1,
    name: project.name,
    text,
    binary,
    variables: withoutSecrets(project.variables),
    request,
  };
  return (
    PREFIX +
    toBase64url(
      await pipe(
        bytesOf(JSON.stringify(wire)),
        new CompressionStream("deflate-raw"),
        Number.POSITIVE_INFINITY,
      ),
    )
  );
}

/** The project in a hash; undefined if the hash holds none. Rejects if it is damaged. */
export async function readHash(hash: string): Promise<SharedProject | undefined> {
  if (!hash.startsWith(PREFIX)) return undefined;
  const bytes = await pipe(
    fromBase64(hash.slice(PREFIX.length)),
    new DecompressionStream("deflate-raw"),
    MAX_UNPACKED_BYTES,
  );
  const { v, name, text, binary, variables, request } = JSON.parse(String(contentOf(bytes))) as Wire;
  if (v !== 1) throw new Error("The link was made by another version of Terrarium");
  const files = new Map<string, string | Uint8Array<ArrayBuffer>>(Object.entries(text));
  for (const [path, content] of Object.entries(binary)) files.set(path, fromBase64(content));
  return { name, files, variables, request };
}

function withoutCredentials(headers: string): string {
  return headers
    .split("\n")
    .filter((line) => !/^\s*(authorization|cookie|proxy-authorization|x-api-key)\s*:/i.test(line))
    .join("\n");
}

async function pipe(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    size += value.length;
    if (size > maxBytes) throw new Error("The project in the link is too large");
    chunks.push(value as Uint8Array<ArrayBuffer>);
  }
}
