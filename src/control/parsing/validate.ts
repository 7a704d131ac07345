// Values from outside, held to a schema.
import type { z } from "zod";
import { TerrariumError } from "../../errors/index.ts";

/** The value, parsed by the schema. Throws TER_BAD_REQUEST, which names the first problem. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = [where, ...(issue?.path ?? [])].map(String).join(".");
  throw new TerrariumError("TER_BAD_REQUEST", {
    reason: `Invalid ${field}: ${issue?.message.replace(/^Invalid input: /, "") ?? "is invalid"}`,
  });
}
