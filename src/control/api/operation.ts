// One endpoint with its handler: the endpoint's schemas validate parameters and bodies, and give JSON
// responses their types.
import type { Context, Hono } from "hono";
import {
  type Access,
  type BodyOf,
  type Endpoint,
  type JsonAnswer,
  type JsonStatus,
  NO_PARAMETERS,
  type ParamsOf,
  type QueryOf,
} from "../../api/index.ts";
import { TerrariumError } from "../../errors/index.ts";
import { validate } from "../parsing/validate.ts";
import { readJson } from "./body.ts";
import type { PassedFrom } from "./passed-request.ts";

/** What we attach to each Hono request. */
export interface Env {
  Bindings: PassedFrom;
  Variables: { readonly clientAddress: string };
}

/** Throws unless the sender of the request may do this. */
export type Guard = (context: Context<Env>, access: Access) => Promise<void>;

/** What a handler gets: everything validated. */
export interface OperationCall<Definition extends Endpoint> {
  readonly context: Context<Env>;
  readonly params: ParamsOf<Definition>;
  readonly query: QueryOf<Definition>;
  readonly body: BodyOf<Definition>;
  /** A JSON response that fits the endpoint's schema. */
  readonly answer: <Status extends JsonStatus<Definition>>(
    status: Status,
    value: JsonAnswer<Definition, Status>,
  ) => Response;
}

/** An endpoint that can be called. */
export interface Operation {
  readonly endpoint: Endpoint;
  /** The access check before it runs. */
  readonly access: Access;
  readonly run: (context: Context<Env>) => Promise<Response>;
}

/** Enough for a body that holds a few short fields. */
const SMALL_BODY_BYTES = 4096;

/**
 * Ties an endpoint to its handler. `maxJsonBytes` bounds its JSON body; null: the handler reads it, and gets
 * no body here.
 */
export function implement<Definition extends Endpoint>(
  endpoint: Definition,
  handle: (call: OperationCall<Definition>) => Response | Promise<Response>,
  maxJsonBytes: number | null = SMALL_BODY_BYTES,
): Operation {
  const run = async (context: Context<Env>) => {
    const params = validate(endpoint.params ?? NO_PARAMETERS, context.req.param(), "path");
    const query = validate(endpoint.query ?? NO_PARAMETERS, queryOf(context), "query");
    const body =
      endpoint.body === undefined || maxJsonBytes === null
        ? null
        : validate(endpoint.body, await readJson(context.req.raw, maxJsonBytes), "body");
    const answer = (status: number, value: unknown) => Response.json(value, { status });
    return await handle({ context, params, query, body, answer } as unknown as OperationCall<Definition>);
  };
  return { endpoint, access: endpoint.access, run };
}

/** Hono's form of a path: `{id}` is `:id`, and `{key+}` takes the rest of the path. */
function routeOf({ path }: Endpoint): string {
  return path.replace(/\{(\w+)\+\}/g, ":$1{.+}").replace(/\{(\w+)\}/g, ":$1");
}

/** Adds the operations, and for each path the response to other methods. */
export function mount(app: Hono<Env>, operations: readonly Operation[], guard: Guard): void {
  const methods = new Map<string, string[]>();
  for (const { endpoint, access, run } of operations) {
    const route = routeOf(endpoint);
    const method = endpoint.method.toUpperCase();
    methods.set(route, [...(methods.get(route) ?? []), ...(method === "GET" ? ["GET", "HEAD"] : [method])]);
    app.on(method, route, async (context) => {
      await guard(context, access);
      return await run(context);
    });
  }
  for (const [route, allowed] of methods) {
    app.all(route, (context) => {
      throw methodNotAllowed(context, allowed);
    });
  }
}

/** The error for a method that a path does not support. */
export function methodNotAllowed(context: Context<Env>, allowed: readonly string[]): TerrariumError {
  const { path, method } = context.req;
  return new TerrariumError("TER_METHOD_NOT_ALLOWED", { path, method, allow: allowed.join(", ") });
}

/** A parameter given once is a string; a repeated one is a list. */
function queryOf(context: Context<Env>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(context.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? (values[0] ?? "") : values,
    ]),
  );
}
