// Names of the machine's hosts file, which come before DNS as they do for every other program.
import { readFileSync, statSync } from "node:fs";
import { parseIpAddress } from "./address.ts";

const HOSTS_FILE = "/etc/hosts";
/** A larger file is not read. */
const MAX_BYTES = 1024 * 1024;

/** Finds addresses by name. */
export type HostsLookup = (name: string) => readonly Uint8Array[];

/** Reads the file when it has changed. */
export function createHostsLookup(path = HOSTS_FILE): HostsLookup {
  let known: ReadonlyMap<string, readonly Uint8Array[]> = new Map();
  let knownVersion = "";
  return (name) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    const version = stat === undefined || stat.size > MAX_BYTES ? "" : `${stat.mtimeMs} ${stat.size}`;
    if (version !== knownVersion) known = version === "" ? new Map() : parse(readFileSync(path, "utf8"));
    knownVersion = version;
    return known.get(name) ?? [];
  };
}

function parse(text: string): ReadonlyMap<string, readonly Uint8Array[]> {
  const addresses = new Map<string, Uint8Array[]>();
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*$/, "").trim().split(/\s+/);
    const bytes = parseIpAddress(address);
    if (bytes === null) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      addresses.set(key, [...(addresses.get(key) ?? []), bytes]);
    }
  }
  return addresses;
}
