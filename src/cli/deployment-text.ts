// Deployments as text.
import { formatDuration } from "../config/duration.ts";
import type { DeploymentView } from "../api/index.ts";
import { clockText } from "./clock.ts";

/** `4m12s`, `never expires`. */
export function timeLeft(deployment: DeploymentView): string {
  return deployment.expiresInMs === null ? "never expires" : formatDuration(deployment.expiresInMs);
}

/** Label and value, one pair per line. */
export function describeDeployment(deployment: DeploymentView): string {
  const rows: [string, string][] = [
    ["id", deployment.id],
    ["name", deployment.name || "-"],
    ...appRows(deployment),
    ["language", deployment.language ?? "-"],
    ["phase", deployment.phase],
    ["message", deployment.message],
    ["url", deployment.url],
    ["https", deployment.urls.https ?? "-"],
    ...quarantineRows(deployment),
    ["created", clockText(Date.parse(deployment.createdAt))],
    ["left", timeLeft(deployment)],
  ];
  return rows.map(([label, value]) => `${label.padEnd(10)}${value}`).join("\n");
}

function quarantineRows({ quarantine }: DeploymentView): [string, string][] {
  return quarantine === null
    ? []
    : [
        [
          "edge",
          `${quarantine.edge}, its own since ${clockText(Date.parse(quarantine.since))}: ` +
            quarantine.reason,
        ],
      ];
}

function appRows({ app }: DeploymentView): [string, string][] {
  return app === null ? [] : [["app", `${app.name}, version ${app.version}`]];
}
