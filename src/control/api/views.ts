// Deployments and their events in the API's form.
import type { DeploymentView, DeployEventView } from "../../api/index.ts";
import { BuildFailure } from "../../builder/build-failure.ts";
import { toProblem } from "../../errors/index.ts";
import type { DeploymentRecord } from "../../store/types.ts";
import type { Platform } from "./platform.ts";
import type { DeployEvent } from "../deployments/progress.ts";
import { urlsOf } from "../deployments/urls.ts";

/** A record in the API's form: no token, no source address. */
export function viewOf(platform: Platform, record: DeploymentRecord): DeploymentView {
  const { config, ports, now, isoOf } = platform;
  const urls = urlsOf(config, ports, record.id);
  const appUrl = record.app === null ? null : urlsOf(config, ports, record.app).url;
  const quarantine = platform.quarantine(record.id);
  const { id, name, language, phase, message, errorCode, createdAtMs, expiresAtMs } = record;
  return {
    id,
    name,
    language,
    phase,
    message,
    errorCode,
    createdAt: isoOf(createdAtMs),
    expiresAt: expiresAtMs === null ? null : isoOf(expiresAtMs),
    expiresInMs: expiresAtMs === null ? null : Math.max(0, expiresAtMs - now()),
    quarantine:
      quarantine === null
        ? null
        : {
            since: isoOf(quarantine.sinceMs),
            reason: quarantine.reason,
            edge: quarantine.edge,
          },
    app: appUrl === null ? null : { name: record.app ?? "", version: record.version ?? 0, url: appUrl },
    url: urls.url,
    urls: { http: urls.http, https: urls.https },
  };
}

/** An event of a deploy in the API's form. */
export function viewDeployEvent(
  event: DeployEvent,
  view: (record: DeploymentRecord) => DeploymentView,
): DeployEventView {
  if (event.event === "live") return { event: "live", atMs: event.atMs, deployment: view(event.record) };
  if (event.event === "failed") {
    const diagnostics = event.error instanceof BuildFailure ? [...event.error.diagnostics] : [];
    return {
      event: "failed",
      atMs: event.atMs,
      deployment: view(event.record),
      problem: toProblem(event.error),
      diagnostics,
    };
  }
  return event;
}
