// One operation of the API: what it takes, what it gives, who may call it, and its handler. The schemas that
// validate are the ones from which the OpenAPI document is made.
import type { Context, Hono } from "hono";
import { z } from "zod";
import { TerrariumError } from "../../errors/index.ts";
import { readJson } from "./body.ts";

/**
 * Who may call: anybody; whoever may deploy; the operator; the operator or the holder of the deployment's
 * token.
 */
export type Access = "open" | "deploy" | "operator" | "deployment";

/** Headers that say who calls, and the parts that one Hono request carries for us. */
export interface Env {
  Variables: { readonly clientAddress: string };
}

/** A response of an operation, as the document describes it. */
export interface Answer {
  readonly description: string;
  /** Of a JSON body. */
  readonly schema?: z.ZodType;
  /** Of a body that is not JSON. */
  readonly contentTypes?: readonly string[];
}

/** What a handler gets: everything validated. */
interface Call<Params, Query, Body> {
  readonly context: Context<Env>;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

export interface OperationSpec<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** With `{name}` for parameters, below the domain. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: Params;
  readonly query?: Query;
  /**
   * A JSON body, with its bound; handlers that take other bodies read them themselves and say so in
   * `contentTypes`.
   */
  readonly body?: { readonly schema: Body; readonly maxBytes: number };
  readonly bodyContentTypes?: readonly string[];
  readonly answers: Readonly<Record<number, Answer>>;
  readonly handle: (
    call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Response | Promise<Response>;
}

/** An operation whose types are settled. */
export interface Operation extends Omit<OperationSpec<z.ZodType, z.ZodType, z.ZodType>, "handle"> {
  readonly run: (context: Context<Env>) => Promise<Response>;
}

const NOTHING = z.strictObject({});

/** Ties an operation's schemas to its handler. */
export function defineOperation<
  Params extends z.ZodType = typeof NOTHING,
  Query extends z.ZodType = typeof NOTHING,
  Body extends z.ZodType = typeof NOTHING,
>(spec: OperationSpec<Params, Query, Body>): Operation {
  const { handle, ...rest } = spec;
  const run = async (context: Context<Env>) => {
    const params = validate(spec.params ?? NOTHING, context.req.param(), "path") as z.output<Params>;
    const query = validate(spec.query ?? NOTHING, context.req.query(), "query") as z.output<Query>;
    const json = spec.body === undefined ? {} : await readJson(context.req.raw, spec.body.maxBytes);
    const body = validate(spec.body?.schema ?? NOTHING, json, "body") as z.output<Body>;
    return await handle({ context, params, query, body });
  };
  return { ...rest, run };
}

/** Hono's spelling of a path: `{id}` is `:id`, and `{key+}` takes the rest of the path. */
export function mount(
  app: Hono<Env>,
  operation: Operation,
  guard: (context: Context<Env>, access: Access) => Promise<void>,
): void {
  const path = operation.path.replace(/\{(\w+)\+\}/g, ":$1{.+}").replace(/\{(\w+)\}/g, ":$1");
  app.on(operation.method.toUpperCase(), path, async (context) => {
    await guard(context, operation.access);
    return await operation.run(context);
  });
}

/** The value as the schema has it. Throws TER_BAD_REQUEST naming the first thing that is wrong. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [where, ...(issue?.path ?? [])].map(String).join(".");
  throw new TerrariumError("TER_BAD_REQUEST", {
    reason: `${place}: ${issue?.message.replace(/^Invalid input: /, "") ?? "is invalid"}`,
  });
}
