// One endpoint of the API as data: what it takes, what it gives, who may call it. Routes, the OpenAPI
// document, the command and the studio are all made from these. This room knows zod and nothing of the
// platform.
import { z } from "zod";

/**
 * Who may call: anybody; whoever may deploy; the operator; the operator or the holder of the deployment's
 * token.
 */
export type Access = "open" | "deploy" | "operator" | "deployment";

/** Bodies by media type; null stands for bytes or text without a schema. */
export type Content = Readonly<Record<string, z.ZodType | null>>;

/** A response that is not a problem. */
interface Answer {
  readonly description: string;
  readonly content?: Content;
}

export interface Endpoint {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below the bare domain: `{name}` is one segment, `{name+}` the rest of the path. */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** A JSON body. */
  readonly body?: z.ZodType;
  /** Media types of bodies that are taken as bytes; beside `body`, the content type decides. */
  readonly byteBodies?: readonly string[];
  readonly answers: Readonly<Record<number, Answer>>;
  /** Problems of this endpoint's own, by status, beside those that every endpoint may answer. */
  readonly problems?: Readonly<Record<number, string>>;
}

/** Keeps the literal types of an endpoint. */
export function endpoint<const Definition extends Endpoint>(definition: Definition): Definition {
  return definition;
}

/** A JSON body. */
export function json<Schema extends z.ZodType>(schema: Schema): { readonly "application/json": Schema } {
  return { "application/json": schema };
}

/** A stream whose events all have this schema: server-sent events, or one JSON object a line. */
export function events<Schema extends z.ZodType>(
  schema: Schema,
): { readonly "text/event-stream": Schema; readonly "application/x-ndjson": Schema } {
  return { "text/event-stream": schema, "application/x-ndjson": schema };
}

/** What a schema describes, as those see it who only read. */
export type View<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

type DeepReadonly<Value> = Value extends object
  ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
  : Value;

const nothing = z.strictObject({});
type Nothing = typeof nothing;

type SchemaOf<
  Definition extends Endpoint,
  Part extends "params" | "query",
> = Definition[Part] extends z.ZodType ? Definition[Part] : Nothing;

/** Path parameters of an endpoint, validated. */
export type ParamsOf<Definition extends Endpoint> = z.output<SchemaOf<Definition, "params">>;
/** Query parameters of an endpoint, validated. */
export type QueryOf<Definition extends Endpoint> = z.output<SchemaOf<Definition, "query">>;
/** The JSON body of an endpoint, validated; null if the request brought bytes instead. */
export type BodyOf<Definition extends Endpoint> = Definition["body"] extends z.ZodType
  ? Definition["byteBodies"] extends readonly string[]
    ? z.output<Definition["body"]> | null
    : z.output<Definition["body"]>
  : null;

/** Statuses at which an endpoint answers JSON. */
export type JsonStatus<Definition extends Endpoint> = {
  [Status in keyof Definition["answers"]]: Definition["answers"][Status] extends {
    readonly content: { readonly "application/json": z.ZodType };
  }
    ? Status
    : never;
}[keyof Definition["answers"]] &
  number;

/** The JSON that an endpoint answers with a status. */
export type JsonAnswer<
  Definition extends Endpoint,
  Status extends JsonStatus<Definition>,
> = Definition["answers"][Status] extends { readonly content: { readonly "application/json": infer Schema } }
  ? Schema extends z.ZodType
    ? View<Schema>
    : never
  : never;

/** Schema of what an endpoint takes where it names none: no parameters at all. */
export const NO_PARAMETERS: Nothing = nothing;
