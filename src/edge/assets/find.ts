// Which asset a request names. A path is decoded once and looked up in a map: no file system is involved, so
// there is nothing to climb out of.
import type { AssetEntry } from "../../store/types.ts";

/** What a request for a path gets before the program is asked. */
export type FoundAsset =
  | { readonly kind: "asset"; readonly path: string; readonly entry: AssetEntry }
  /** A folder with an index, named without its slash: relative links in the page need it. */
  | { readonly kind: "redirect"; readonly location: string };

const INDEX = "index.html";

/**
 * Assets by name, where names that differ only in their Unicode form are one: clients spell it as they like.
 */
export function assetsByPath(assets: Readonly<Record<string, AssetEntry>>): ReadonlyMap<string, AssetEntry> {
  return new Map(Object.entries(assets).map(([path, entry]) => [path.normalize("NFC"), entry]));
}

/** The asset that a request names, or undefined if it is for the program. */
export function findAsset(
  assets: ReadonlyMap<string, AssetEntry>,
  method: string,
  target: string,
): FoundAsset | undefined {
  if (assets.size === 0 || (method !== "GET" && method !== "HEAD")) return undefined;
  const [raw = "", query] = splitTarget(target);
  const decoded = decode(raw);
  if (decoded === undefined) return undefined;
  const path = decoded.endsWith("/") ? `${decoded}${INDEX}` : decoded;
  const entry = assets.get(path);
  if (entry !== undefined) return { kind: "asset", path, entry };
  if (decoded.endsWith("/") || !assets.has(`${decoded}/${INDEX}`)) return undefined;
  // A target that begins with two slashes would lead to another host.
  const location = `/${raw.replace(/^\/+/, "")}/${query === undefined ? "" : `?${query}`}`;
  return { kind: "redirect", location };
}

function splitTarget(target: string): [path: string, query: string | undefined] {
  const at = target.indexOf("?");
  return at === -1 ? [target, undefined] : [target.slice(0, at), target.slice(at + 1)];
}

function decode(path: string): string | undefined {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path).normalize("NFC");
  } catch {
    return undefined;
  }
}
