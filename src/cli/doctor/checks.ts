// All checks of `terrarium doctor`, in the order in which they are shown.
import { accessSync, chmodSync, constants, statSync } from "node:fs";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/index.ts";
import { makeFolder } from "../../config/make-folder.ts";
import { TerrariumError } from "../../errors/index.ts";
import { checkFree } from "../../control/supervisor/ports.ts";
import { examineDataDirectory, rebuildDataDirectory } from "../../store/index.ts";
import { EdgeSandbox } from "../../sandbox/edge-sandbox.ts";
import type { CommandContext } from "../command.ts";
import { shellWord } from "../shell-word.ts";
import { type Finding, ok } from "./finding.ts";
import { checkRust } from "./rust.ts";
import { checkClock, checkFileLimit, checkReusePort, checkRuntime, checkTcpMigration } from "./system.ts";

/** Checks everything; with `fix`, first fixes what needs no privileges. */
export async function runChecks(
  context: CommandContext,
  dataDir: string | undefined,
  fix: boolean,
): Promise<Finding[]> {
  const config = loadConfig({ data: dataDir }, context.environment, context.cwd);
  return [
    checkRuntime(),
    checkFileLimit(),
    checkTcpMigration(),
    await checkReusePort(),
    checkClock(),
    checkDataDir(config, fix),
    ...checkData(config, fix),
    ...(await checkPorts(config)),
    await checkSandbox(context.environment.path),
    ...(await checkRust(fix, (text) => void process.stderr.write(text))),
  ];
}

function checkDataDir({ dataDir }: Config, fix: boolean): Finding {
  const name = "data directory";
  try {
    if (fix) {
      makeFolder(dataDir, 0o700);
      chmodSync(dataDir, 0o700);
    }
    const stat = statSync(dataDir, { throwIfNoEntry: false });
    if (stat === undefined) return ok(name, `${dataDir} will be made at the first start`);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    if ((stat.mode & 0o077) === 0) return ok(name, dataDir);
    return {
      name,
      state: "warning",
      text: `${dataDir} can be entered by others`,
      fix: `chmod 700 ${shellWord(dataDir)}`,
    };
  } catch (error) {
    return {
      name,
      state: "failure",
      text: `${dataDir}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
      fix: `mkdir -p ${shellWord(dataDir)} && chmod 700 ${shellWord(dataDir)}`,
    };
  }
}

/** What the data directory holds. With `fix`, rebuilds what a server would refuse. */
function checkData({ dataDir }: Config, fix: boolean): Finding[] {
  const findings = examineDataDirectory(dataDir);
  if (!fix || findings.every(({ state }) => state !== "failure"))
    return findings.map((finding) => ({
      ...finding,
      fix: finding.state === "failure" ? `terrarium doctor --fix --data ${dataDir}` : null,
    }));
  return [
    ...rebuildDataDirectory(dataDir, Date.now()).map((text) => ok("rebuilt", text)),
    ...examineDataDirectory(dataDir).map((finding) => ({ ...finding, fix: null })),
  ];
}

async function checkPorts(config: Config): Promise<Finding[]> {
  const addresses = [
    { name: "HTTP port", address: config.listen, flag: "--listen" },
    ...(config.listenTls === null
      ? []
      : [{ name: "HTTPS port", address: config.listenTls, flag: "--listen-tls" }]),
  ];
  return await Promise.all(
    addresses.map(async ({ name, address, flag }): Promise<Finding> => {
      try {
        await checkFree(address, flag);
        return ok(name, `${address.host}:${address.port} is free`);
      } catch (error) {
        const text = error instanceof TerrariumError ? error.message : String(error);
        return {
          name,
          state: "warning",
          text,
          fix: `terrarium serve ${flag} ${address.host}:${address.port + 1}`,
        };
      }
    }),
  );
}

/** Edges and Rust builds run in it. */
async function checkSandbox(path: string): Promise<Finding> {
  const name = "sandbox";
  const found = await EdgeSandbox.find(path);
  if (found instanceof EdgeSandbox) return ok(name, "bubblewrap makes one around edges and Rust builds");
  const { missing } = found;
  return {
    name,
    state: "warning",
    text:
      `${missing}. Edges run with all rights of the server, a server for strangers does not start, ` +
      "and Rust programs cannot be built",
    fix: "sudo apt-get install bubblewrap",
  };
}
