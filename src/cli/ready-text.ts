// What `terrarium serve` prints when it is ready: addresses, data directory, limits in force.
import { formatDuration } from "../config/duration.ts";
import type { Config } from "../config/index.ts";
import { type PublicPorts, urlsOf } from "../control/deployments/urls.ts";

/** For programs: one line on stdout under `--json`. */
export function readyEvent(config: Config, ports: PublicPorts, readyMs: number) {
  const { http, https, url } = urlsOf(config, ports, "");
  return {
    event: "ready",
    url,
    http,
    https,
    ...ports,
    domain: config.domain,
    dataDir: config.dataDir,
    pid: process.pid,
    readyMs,
  };
}

/** For people. */
export function readyText(config: Config, ports: PublicPorts, readyMs: number): string {
  const { url, https } = urlsOf(config, ports, "");
  const { cpuMs, wallMs, memoryPages } = config.limits;
  const rows = [
    ["ready", `after ${readyMs} ms`],
    ["API", url],
    ...(https === null
      ? []
      : [["HTTPS", `${https}${config.tls.kind === "auto" ? `  (authority: ${url}ca.pem)` : ""}`]]),
    ["data", config.dataDir],
    [
      "limits",
      `${cpuMs / 1000} s CPU, ${wallMs / 1000} s in all, ` +
        `${memoryPages / 16} MiB a request; lives for ${formatDuration(config.ttlMs)}`,
    ],
    [
      "deploy",
      `terrarium new hello && terrarium deploy hello${ports.httpPort === 8080 ? "" : ` --server ${url}`}`,
    ],
  ];
  const lines = rows.map(([label = "", value = ""]) => `  ${label.padEnd(10)}${value}`);
  return `\n  Terrarium\n${lines.join("\n")}`;
}
