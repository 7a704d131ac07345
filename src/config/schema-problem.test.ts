import { expect, test } from "vitest";
import { z } from "zod";
import { schemaMessage, schemaProblem } from "./schema-problem.ts";

/** What the schema says of the value. */
function problems(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(value, { error: schemaMessage });
  return result.success ? [] : result.error.issues.map((issue) => schemaProblem(issue, "The value"));
}

test.each<[z.ZodType, unknown, string]>([
  [z.object({ tar: z.string() }), {}, "tar is missing"],
  [z.object({ a: z.object({ b: z.array(z.string()) }) }), { a: { b: "x" } }, 'a.b must be a list, not "x"'],
  [z.string(), ["x"], "The value must be a string, not a list"],
  [z.boolean(), { x: 1 }, "The value must be true or false, not an object"],
  [z.object({}), null, "The value must be an object, not null"],
  [z.coerce.number(), "many", "The value must be a number, not a text"],
  [z.number().int(), 2.5, "The value must be a whole number, not 2.5"],
  [z.number().max(64), 65, "The value must be at most 64, not 65"],
  [z.number().min(1), 0, "The value must be at least 1, not 0"],
  [z.string().max(3), "four", "The value must have at most 3 characters, not 4"],
  [z.array(z.string()).max(1), ["a", "b"], "The value must have at most 1 entries, not 2"],
  [z.enum(["on", "off"]), "maybe", 'The value must be "on" or "off", not "maybe"'],
  [z.literal(1), 2, 'The value must be "1", not 2'],
  [z.strictObject({}), { nmae: 1, x: 2 }, 'The value has the unknown keys "nmae", "x"'],
  [z.union([z.string(), z.number()]), true, "The value must not be true"],
  [z.string().regex(/^a/, '"it" is no name'), "b", 'The value: "it" is no name'],
  [z.enum(["a"]), "b".repeat(500), `The value must be "a", not "${"b".repeat(60)}…"`],
])("%# says what is wrong with a value", (schema, value, sentence) => {
  expect(problems(schema, value)).toEqual([sentence]);
});
