// The whole contract as one table, and the types that make a missing or wrong host function a compile error.
import { DEBUG_HOSTCALLS } from "./domains/debug.ts";
import { DNS_HOSTCALLS } from "./domains/dns.ts";
import { KV_HOSTCALLS } from "./domains/kv.ts";
import { MEMORY_HOSTCALLS } from "./domains/memory.ts";
import { PANIC_HOSTCALLS } from "./domains/panic.ts";
import { PENDING_HOSTCALLS } from "./domains/pending.ts";
import { RANDOM_HOSTCALLS } from "./domains/random.ts";
import { REQUEST_HOSTCALLS } from "./domains/request.ts";
import { RESPONSE_HOSTCALLS } from "./domains/response.ts";
import { TIME_HOSTCALLS } from "./domains/time.ts";
import type { AbiType, Hostcall, HostcallDomain, Parameter } from "./types.ts";

/** Import module of all hostcalls. */
export const HOSTCALL_MODULE = "env";

/** Every hostcall by name. The order is that of the reference page and of all generated files. */
export const HOSTCALLS = {
  ...MEMORY_HOSTCALLS,
  ...REQUEST_HOSTCALLS,
  ...PENDING_HOSTCALLS,
  ...RESPONSE_HOSTCALLS,
  ...KV_HOSTCALLS,
  ...PANIC_HOSTCALLS,
  ...RANDOM_HOSTCALLS,
  ...TIME_HOSTCALLS,
  ...DNS_HOSTCALLS,
  ...DEBUG_HOSTCALLS,
} as const;

type Table = typeof HOSTCALLS;

/** Name of a hostcall. */
export type HostcallName = keyof Table;

/** Names of one domain's hostcalls. */
export type HostcallsOf<Domain extends HostcallDomain> = {
  [Name in HostcallName]: Table[Name]["domain"] extends Domain ? Name : never;
}[HostcallName];

type NumberOf<Type extends AbiType> = Type extends "i64" ? bigint : number;

type NumbersOf<Params extends readonly Parameter[]> = {
  -readonly [Index in keyof Params]: NumberOf<Params[Index]["type"]>;
};

/**
 * What a host function receives after the guest: one JavaScript number (`i64`: bigint) per Wasm parameter.
 */
export type HostcallArguments<Name extends HostcallName> = NumbersOf<Table[Name]["params"]>;

/** What a host function returns once it is done. */
export type HostcallResult<Name extends HostcallName> = Table[Name]["result"] extends {
  readonly type: infer Type extends AbiType;
}
  ? NumberOf<Type>
  : void;

/**
 * One host function: `suspends` may be true only where the contract lets the guest wait, and only then may it
 * return a promise.
 */
type HostcallFunction<Name extends HostcallName, Guest> = Table[Name]["maySuspend"] extends true
  ? {
      readonly suspends: boolean;
      readonly call: (
        guest: Guest,
        ...args: HostcallArguments<Name>
      ) => HostcallResult<Name> | Promise<HostcallResult<Name>>;
    }
  : {
      readonly suspends: false;
      readonly call: (guest: Guest, ...args: HostcallArguments<Name>) => HostcallResult<Name>;
    };

/** All host functions of one domain: an object literal that `satisfies` this has exactly these. */
export type HostcallFunctions<Domain extends HostcallDomain, Guest> = {
  readonly [Name in HostcallsOf<Domain>]: HostcallFunction<Name, Guest>;
};

/** Wasm type of one hostcall, or of another function that modules may import. */
export interface HostcallSignature {
  readonly params: readonly (AbiType | "f64")[];
  readonly results: readonly (AbiType | "f64")[];
}

/** Wasm types by name, to check a module's imports against. Null prototype: names come from modules. */
export const ENV_SIGNATURES: Readonly<Record<string, HostcallSignature>> = Object.freeze(signatures());

function signatures(): Record<string, HostcallSignature> {
  const byName: Record<string, HostcallSignature> = Object.create(null);
  for (const [name, call] of hostcallEntries()) {
    byName[name] = {
      params: call.params.map((param) => param.type),
      results: call.result === null ? [] : [call.result.type],
    };
  }
  return byName;
}

/** The table as a list, in order. */
export function hostcallEntries(): readonly (readonly [HostcallName, Hostcall])[] {
  return Object.entries(HOSTCALLS) as [HostcallName, Hostcall][];
}
