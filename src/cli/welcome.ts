// The welcome program of `npm start`: deployed once, kept forever, and requested once to be sure that its URL
// works.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeArchive } from "../project/index.ts";
import type { Platform } from "../control/api/platform.ts";
import { awaitHealth } from "../control/deployments/health.ts";
import { isDeploymentId } from "../control/deployments/identity.ts";
import { urlsOf } from "../control/deployments/urls.ts";
import type { DeploymentId } from "../store/types.ts";

const TEMPLATES = ["welcome", "empty-wat"];

/** The URL of the welcome program, and when it first answered, counted from the start of this process. */
export interface Welcome {
  readonly id: DeploymentId;
  readonly url: string;
  readonly atMs: number;
}

/** Deploys the welcome program, or finds the one from an earlier start. */
export async function deployWelcome(platform: Platform): Promise<Welcome> {
  const id = (await earlier(platform)) ?? (await deploy(platform));
  const { config, ports, caPem } = platform;
  await awaitHealth({ config, ports, ca: caPem ?? undefined }, id, AbortSignal.timeout(10_000));
  return { id, url: urlsOf(config, ports, id).url, atMs: Math.round(performance.now()) };
}

async function earlier(platform: Platform): Promise<DeploymentId | undefined> {
  try {
    const id = readFileSync(noteOf(platform), "utf8").trim();
    const record = isDeploymentId(id) ? await platform.store.deployments.get(id) : undefined;
    return record?.phase === "live" ? record.id : undefined;
  } catch {
    return undefined;
  }
}

async function deploy(platform: Platform): Promise<DeploymentId> {
  const known = (await platform.templates.list()).map(({ name }) => name);
  const name = TEMPLATES.find((template) => known.includes(template)) ?? "empty-wat";
  const archive = writeArchive(await platform.templates.files(name));
  const ttlMs = platform.config.maxTtlMs;
  const upload = {
    archive,
    languageHint: null,
    flags: [],
    name: "welcome",
    ttlMs,
    app: null,
    isPreview: false,
    mayChange: () => false,
  };
  const { id, progress } = await platform.deployments.accept(
    upload,
    await platform.deployments.admit("127.0.0.1"),
  );
  for await (const event of progress.events()) if (event.event === "failed") throw event.error;
  writeFileSync(noteOf(platform), `${id}\n`);
  return id;
}

function noteOf(platform: Platform): string {
  return join(platform.config.dataDir, "welcome");
}
