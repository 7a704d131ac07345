import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeStore } from "../testing/store-contract.ts";
import { openSqliteStore } from "./store.ts";

const MAX_LOG_BYTES = 64 * 1024;

describeStore(
  "embedded",
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "terrarium-store-"));
    return {
      location: { dataDir, store: "sqlite" },
      open: async ({ now }) => openSqliteStore({ dataDir, maxLogBytes: MAX_LOG_BYTES, now }),
      destroy: async () => rmSync(dataDir, { recursive: true, force: true }),
    };
  },
  { maxLogBytes: MAX_LOG_BYTES },
);
