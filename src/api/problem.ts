// Errors in the API's form.
import { z } from "zod";
import type { Problem } from "../errors/index.ts";

export type { Problem } from "../errors/index.ts";

/** RFC 9457 problem details. */
export const problem = z
  .object({
    type: z.string().describe("A URI that names the kind of problem"),
    title: z.string().describe("What went wrong"),
    status: z.int().describe("The status of the response"),
    code: z.string().describe("Stable name of the error"),
    fix: z.string().describe("What to do about it"),
    details: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .describe("Values that the title mentions"),
  })
  .meta({ id: "Problem" }) satisfies z.ZodType<Problem>;
