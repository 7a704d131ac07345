// The JSON Schema of terrarium.toml, from the schema that reads it: for editors that complete and check. Part
// of `npm run generate`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { manifestSchema } from "../src/builder/index.ts";

/** Where it lies in the repository. */
export const PROJECT_SCHEMA_FILE = join(
  import.meta.dirname,
  "..",
  "docs",
  "reference",
  "terrarium.schema.json",
);

/** The schema as text. */
export function projectSchema(): string {
  const about = {
    title: "terrarium.toml",
    description: "The optional project file of Terrarium: what a person would otherwise say on each deploy",
  };
  return `${JSON.stringify({ ...about, ...z.toJSONSchema(manifestSchema) }, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(PROJECT_SCHEMA_FILE, projectSchema());
