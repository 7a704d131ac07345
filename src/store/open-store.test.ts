import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../config/index.ts";
import { openStore } from "./open-store.ts";

test("an unknown backend is refused, with the names of the known ones", async () => {
  const config = { dataDir: "/nowhere", store: "toString", limits: DEFAULT_LIMITS };
  await expect(openStore(config, { role: "command" })).rejects.toThrow(
    'Store backend "toString" does not exist. Use --store sqlite',
  );
});
