// The folder for Unix sockets. A socket's path may have at most 107 bytes on Linux (103 on macOS), so the
// sockets of a deep data directory are in the system's temporary folder, in a folder that only its owner can
// enter.
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TerrariumError } from "../../errors/index.ts";

const MAX_SOCKET_PATH_BYTES = 103;
const EDGE_FOLDER = "e-";
/** The longest name that we put into the folder. */
const LONGEST_NAME = `${EDGE_FOLDER}4194304-65535/peer.sock`;

/** Name of the control API's socket in the run directory. */
export const CONTROL_SOCKET = "control.sock";

/**
 * Creates the folder, mode 0700. The same data directory always gets the same one, so a later supervisor
 * finds it.
 */
export function makeRunDirectory(dataDir: string): string {
  const inside = join(dataDir, "run");
  const folder =
    Buffer.byteLength(join(inside, LONGEST_NAME)) <= MAX_SOCKET_PATH_BYTES ? inside : outside(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== userId()) {
    throw new TerrariumError("TER_CONFIG_INVALID", {
      reason: `${folder} belongs to somebody else: remove it, or use a shorter --data DIR`,
    });
  }
  chmodSync(folder, 0o700);
  return folder;
}

/** An edge's own folder. `count` is unique in this process; edges of an earlier supervisor may still be there. */
export function edgeFolder(runDir: string, count: number): string {
  return join(runDir, `${EDGE_FOLDER}${process.pid}-${count}`);
}

/** Removes sockets that no living process owns, and the folders of edges that had them. */
export function removeStaleSockets(runDir: string, owned: ReadonlySet<string>): void {
  const folders = new Set([...owned].map((socket) => dirname(socket)));
  for (const name of readdirSync(runDir)) {
    const path = join(runDir, name);
    if (name.endsWith(".sock") && !owned.has(path)) rmSync(path, { force: true });
    if (name.startsWith(EDGE_FOLDER) && !folders.has(path)) rmSync(path, { recursive: true, force: true });
  }
}

function outside(dataDir: string): string {
  const digest = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  return join(tmpdir(), `terrarium-${userId()}-${digest}`);
}

/** Containers run as users that no passwd file knows, for whom `os.userInfo` throws. */
function userId(): number {
  return process.getuid?.() ?? -1;
}
