// Values that a JSON Schema describes, and values that it may not: what the property-based run sends.
import * as fc from "fast-check";
import type { Schema } from "./document.ts";

type Alternatives = readonly Schema[];

/**
 * Values of the schema. Knows the keywords that the document uses and no others: an unknown type is an
 * error.
 */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema["const"]);
  if ("enum" in schema) return fc.constantFrom(...(schema["enum"] as unknown[]));
  const alternatives = (schema["anyOf"] ?? schema["oneOf"]) as Alternatives | undefined;
  if (alternatives !== undefined) return fc.oneof(...alternatives.map(valuesOf));
  switch (schema["type"]) {
    case "string":
      return texts(schema);
    case "integer":
      return fc.integer(bounds(schema));
    case "number":
      return fc.double({ noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return lists(schema);
    case "object":
      return objects(schema);
    default:
      throw new Error(`A schema has no type that is known here: ${JSON.stringify(schema)}`);
  }
}

/** Mostly values of the schema, and some of any kind. */
export function looseValuesOf(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 4, arbitrary: valuesOf(schema) }, { weight: 1, arbitrary: fc.jsonValue() });
}

function texts(schema: Schema): fc.Arbitrary<string> {
  const maxLength = Math.min(200, Number(schema["maxLength"] ?? 200));
  const minLength = Number(schema["minLength"] ?? 0);
  if (typeof schema["pattern"] === "string" && schema["format"] === undefined)
    return fc.stringMatching(new RegExp(schema["pattern"]), { maxLength });
  if (schema["format"] === "base64") return fc.base64String({ maxLength });
  return fc.oneof(fc.string({ minLength, maxLength }), fc.string({ minLength, maxLength, unit: "binary" }));
}

function bounds(schema: Schema): { min: number; max: number } {
  const LARGEST = 2 ** 31 - 1;
  return {
    min: Math.max(-LARGEST, Number(schema["minimum"] ?? -LARGEST)),
    max: Math.min(LARGEST, Number(schema["maximum"] ?? LARGEST)),
  };
}

function lists(schema: Schema): fc.Arbitrary<unknown[]> {
  const fixed = schema["prefixItems"] as Alternatives | undefined;
  if (fixed !== undefined) return fc.tuple(...fixed.map(valuesOf));
  return fc.array(valuesOf(schema["items"] as Schema), { maxLength: 5 });
}

function objects(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  const requiredKeys = (schema["required"] ?? []) as string[];
  return fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, valuesOf(inner)])),
    { requiredKeys },
  );
}
