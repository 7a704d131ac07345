import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PROJECT_SCHEMA_FILE, projectSchema } from "./project-schema.ts";

test("the published schema of terrarium.toml is the one that reads it (npm run generate)", () => {
  expect(readFileSync(PROJECT_SCHEMA_FILE, "utf8")).toBe(projectSchema());
});
