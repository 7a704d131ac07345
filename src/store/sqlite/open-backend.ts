// Opens the embedded store as the platform's configuration says.
import type { OpenBackend } from "../types.ts";
import { openSqliteStore } from "./store.ts";

export const openSqliteBackend: OpenBackend = ({ dataDir, limits, durability }, { role, now }) =>
  openSqliteStore({
    dataDir,
    maxLogBytes: limits.deploymentLogBytes,
    durability: durability ?? "process",
    clearsAway: role === "supervisor",
    ...(now === undefined ? {} : { now }),
  });
