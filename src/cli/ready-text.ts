// What `terrarium serve` prints when it is ready: addresses, data directory, limits in force.
import { join } from "node:path";
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
export function readyText(
  config: Config,
  { ports, withoutSandbox }: { readonly ports: PublicPorts; readonly withoutSandbox: string | null },
  readyMs: number,
): string {
  const { url, https } = urlsOf(config, ports, "");
  const { cpuMs, wallMs, memoryPages } = config.limits;
  const { ttlMs } = config;
  const lifetime =
    ttlMs === null ? "deployments never expire" : `deployments live for ${formatDuration(ttlMs)}`;
  const rows = [
    ["ready", `after ${readyMs} ms`],
    ["API", url],
    ...(https === null
      ? []
      : [
          ["HTTPS", `${https}${config.tls.kind === "auto" ? `  (certificate authority: ${url}ca.pem)` : ""}`],
        ]),
    ["data", config.dataDir],
    [
      "limits",
      `per request: ${formatDuration(cpuMs)} CPU, ${formatDuration(wallMs)} wall time, ` +
        `${memoryPages / 16} MiB; ${lifetime}`,
    ],
    [
      "sandbox",
      withoutSandbox === null ? "around edges and Rust builds" : `none around edges: ${withoutSandbox}`,
    ],
    ...(config.public ? publicRows(config) : []),
    [
      "deploy",
      `terrarium new hello && terrarium deploy hello${ports.httpPort === 8080 ? "" : ` --server ${url}`}`,
    ],
  ];
  const lines = rows.map(([label = "", value = ""]) => `  ${label.padEnd(10)}${value}`);
  return `\n  Terrarium\n${lines.join("\n")}`;
}

/** What holds on a server that strangers use, and what its operator chose not to have. */
function publicRows({ dataDir, maxTtlMs, quotas, inspect, deployToken }: Config): string[][] {
  const longest =
    maxTtlMs === null ? "no longest time to live" : `at most ${formatDuration(maxTtlMs)} to live`;
  const perSource =
    quotas === null
      ? "no quotas (--quotas off)"
      : `per source ${quotas.buildsAtOnce} build at once, ${quotas.liveDeployments} deployments, ` +
        `${quotas.deploysPerHour} deploys an hour, ${quotas.apps} apps`;
  return [
    ["public", `${deployToken === null ? "anyone deploys" : "deploying needs the deploy token"}; ${longest}`],
    ["", perSource],
    ["", `managing a deployment needs its token; inspector ${inspect ? "for its owner" : "off"}`],
    ["operator", `token in ${join(dataDir, "operator-token")}`],
  ];
}
