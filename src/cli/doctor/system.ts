// Checks of the operating system: limits and settings that matter for many connections and edges.
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { type Finding, ok } from "./finding.ts";

/** Each edge holds up to 4,096 requests, each with a client's and perhaps an upstream's connection. */
const WANTED_FILES = 16_384;
/** Certificates are valid from a day before they were created; guests see the clock too. */
const EARLIEST_YEAR = 2026;

/** Version of the running Node, and whether guests can wait on it. */
export function checkRuntime(): Finding {
  const name = "runtime";
  const text = `Node ${process.versions.node}, V8 ${process.versions.v8}`;
  if ("Suspending" in WebAssembly) return ok(name, text);
  return {
    name,
    state: "failure",
    text: `${text}: hostcalls cannot wait in it`,
    fix: "npm install  (without --omit=optional)",
  };
}

/** Open files. */
export function checkFileLimit(): Finding {
  const name = "open files";
  const soft = softFileLimit();
  if (soft === undefined || soft >= WANTED_FILES)
    return ok(name, soft === undefined ? "no limit known" : `${soft} allowed`);
  return {
    name,
    state: "warning",
    text: `${soft} allowed, ${WANTED_FILES} wanted under load`,
    fix: `ulimit -n ${WANTED_FILES}`,
  };
}

/** Whether connections queued for an edge that dies move to another edge. */
export function checkTcpMigration(): Finding {
  const name = "tcp_migrate_req";
  const value = readProc("/proc/sys/net/ipv4/tcp_migrate_req");
  if (value === undefined) return ok(name, "not a setting of this system");
  if (value === "1") return ok(name, "on");
  return {
    name,
    state: "warning",
    text: "off: connections that wait for an edge that ends are lost",
    fix: "sudo sysctl -w net.ipv4.tcp_migrate_req=1",
  };
}

/** Whether several edges can share a port. */
export async function checkReusePort(): Promise<Finding> {
  const name = "SO_REUSEPORT";
  const works = await canShareAPort();
  if (works) return ok(name, "edges can share a port");
  return {
    name,
    state: "failure",
    text: "edges cannot share a port here",
    fix: "terrarium serve --edges 1",
  };
}

/** A clock that is far off makes certificates invalid. */
export function checkClock(): Finding {
  const name = "clock";
  const now = new Date();
  if (now.getUTCFullYear() >= EARLIEST_YEAR) return ok(name, now.toISOString());
  return {
    name,
    state: "failure",
    text: `${now.toISOString()} cannot be right`,
    fix: "sudo timedatectl set-ntp true",
  };
}

function softFileLimit(): number | undefined {
  const line = /^Max open files\s+(\d+|unlimited)/m.exec(readProc("/proc/self/limits") ?? "")?.[1];
  if (line === "unlimited") return undefined;
  if (line !== undefined) return Number(line);
  try {
    const text = execFileSync("/bin/sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
    return text === "unlimited" ? undefined : Number(text);
  } catch {
    return undefined;
  }
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

async function canShareAPort(): Promise<boolean> {
  const [first, second] = [createServer(), createServer()];
  const listen = (server: typeof first, port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: "127.0.0.1", port, reusePort: true }, resolve);
    });
  try {
    await listen(first, 0);
    const address = first.address();
    await listen(second, typeof address === "object" && address !== null ? address.port : 0);
    return true;
  } catch {
    return false;
  } finally {
    first.close();
    second.close();
  }
}
