// One endpoint of the API as data: its parameters, its responses, and who may call it. Routes, the OpenAPI
// document, the command and the studio all derive from these. This room depends on zod and on nothing else of
// the platform.
import { z } from "zod";

/**
 * Who may call: anybody; whoever may deploy; the operator; the operator or the holder of the deployment's or
 * the app's token.
 */
export type Access = "open" | "deploy" | "operator" | "deployment" | "app";

/** Bodies by media type; null stands for bytes or text without a schema. */
export type Content = Readonly<Record<string, z.ZodType | null>>;

/** A response other than a problem. */
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
  /** Media types of bodies that are read as bytes; with `body` too, the content type decides. */
  readonly byteBodies?: readonly string[];
  readonly answers: Readonly<Record<number, Answer>>;
  /** Problems specific to this endpoint, by status, in addition to those that every endpoint may send. */
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

/** A stream whose events all have this schema: server-sent events, or one JSON object per line. */
export function events<Schema extends z.ZodType>(
  schema: Schema,
): { readonly "text/event-stream": Schema; readonly "application/x-ndjson": Schema } {
  return { "text/event-stream": schema, "application/x-ndjson": schema };
}

/** The type of a schema, as a reader sees it. */
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
/** The JSON body of an endpoint, validated; null if the request had bytes instead. */
export type BodyOf<Definition extends Endpoint> = Definition["body"] extends z.ZodType
  ? Definition["byteBodies"] extends readonly string[]
    ? z.output<Definition["body"]> | null
    : z.output<Definition["body"]>
  : null;

/** Statuses with which an endpoint sends JSON. */
export type JsonStatus<Definition extends Endpoint> = {
  [Status in keyof Definition["answers"]]: Definition["answers"][Status] extends {
    readonly content: { readonly "application/json": z.ZodType };
  }
    ? Status
    : never;
}[keyof Definition["answers"]] &
  number;

/** The JSON that an endpoint sends with a status. */
export type JsonAnswer<
  Definition extends Endpoint,
  Status extends JsonStatus<Definition>,
> = Definition["answers"][Status] extends { readonly content: { readonly "application/json": infer Schema } }
  ? Schema extends z.ZodType
    ? View<Schema>
    : never
  : never;

/** Schema for endpoints without parameters. */
export const NO_PARAMETERS: Nothing = nothing;
