// The optional project file `terrarium.toml`: what people would otherwise pass to every deploy.
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { schemaMessage, schemaProblem } from "../config/schema-problem.ts";
import { TerrariumError } from "../errors/index.ts";
import { LANGUAGE_NAMES } from "../languages/list.ts";
import type { ProjectFiles } from "../project/files.ts";
import { tomlProblem } from "../project/toml.ts";

/** Name of the project file, at the project's root. */
const MANIFEST_FILE = "terrarium.toml";

const MAX_SETTINGS = 64;
const MAX_SETTING_LENGTH = 4096;

/** Every key of `terrarium.toml`. */
export const manifestSchema = z.strictObject({
  name: z.string().max(100).optional().describe("Name of the project, shown in lists"),
  app: z
    .string()
    .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "is not a name such as hello or my-shop")
    .optional()
    .describe("App to deploy a version of: it answers at this name, and stays"),
  language: z
    .enum(LANGUAGE_NAMES)
    .optional()
    .describe("Language to build; guessed from the files if left out"),
  flags: z
    .array(z.string().max(1000))
    .max(100)
    .optional()
    .describe("Further compiler flags, such as -O3 or -DDEBUG"),
  "publish-module": z
    .string()
    .regex(/^(\/[\w-][\w.-]*)+\.wasm$/, "is not a path that ends in .wasm, such as /program.wasm")
    .optional()
    .describe(
      "Path at which the built module itself is served, for programs that a browser runs too: /program.wasm",
    ),
  ttl: z
    .string()
    .regex(/^(never|[1-9][0-9]{0,5}[smhd])$/, "is not a duration such as 90s, 5m, 2h, 7d or never")
    .optional()
    .describe("Time to live: 90s, 5m, 2h, 7d, never"),
  settings: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/),
      z
        .string()
        .max(MAX_SETTING_LENGTH)
        .refine((value) => !value.includes("\0"), "is text with a zero character"),
      {
        error: ({ code }) =>
          code === "invalid_key"
            ? "is not a name of 1 to 64 letters, digits and _ that starts with a letter"
            : undefined,
      },
    )
    .refine(
      (settings) => Object.keys(settings).length <= MAX_SETTINGS,
      `is a table of more than ${MAX_SETTINGS} entries`,
    )
    .optional()
    .describe("What the program reads as its WASI environment, such as GREETING = 'Hello'. Not for secrets"),
});

/** A parsed `terrarium.toml`. */
export type ProjectManifest = z.infer<typeof manifestSchema>;

/**
 * The project's manifest; empty if it has none. Throws TER_PROJECT_FILE_INVALID with line and column of the
 * error.
 */
export function readManifest(files: ProjectFiles): ProjectManifest {
  const bytes = files.get(MANIFEST_FILE);
  if (bytes === undefined) return {};
  const result = manifestSchema.safeParse(parseToml(new TextDecoder().decode(bytes)), {
    error: schemaMessage,
  });
  if (result.success) return result.data;
  throw new TerrariumError("TER_PROJECT_FILE_INVALID", {
    reason: result.error.issues.map((issue) => schemaProblem(issue, "It")).join("; "),
  });
}

function parseToml(text: string): unknown {
  const reason = tomlProblem(text);
  if (reason !== null) throw new TerrariumError("TER_PROJECT_FILE_INVALID", { reason });
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [summary] = error.message.split("\n");
    throw new TerrariumError("TER_PROJECT_FILE_INVALID", {
      reason: `line ${error.line}, column ${error.column}: ${summary}`,
    });
  }
}
