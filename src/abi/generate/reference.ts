// docs/reference/hostcalls.md: the contract for readers.
import { hostcallEntries, type HostcallName } from "../table.ts";
import type { Hostcall, HostcallDomain, Parameter, ParameterRole } from "../types.ts";
import { cPrototype } from "./c-types.ts";
import { GENERATED_NOTICE } from "./notice.ts";
import { watImport } from "./wat.ts";

const TITLES: Record<HostcallDomain, string> = {
  memory: "Memory",
  request: "Requests",
  pending: "Pending requests",
  response: "Responses",
  kv: "Key-value store",
  panic: "Panics",
  random: "Randomness",
  time: "Time",
  dns: "DNS",
  debug: "Log",
};

const ROLES: Record<ParameterRole, string> = {
  "in-bytes": "bytes to read",
  "in-text": "text to read",
  "in-slices": "array of `{ptr, len}` to read",
  "in-handles": "array of pending handles to read",
  length: "its length",
  "out-bytes": "where to write a pointer to bytes",
  "out-text": "where to write a pointer to text",
  "out-slices": "where to write a pointer to an array of `{ptr, len}`",
  "out-length": "where to write its length",
  "out-pending": "where to write a pending handle",
  "out-u32": "where to write a 32-bit number; null if not wanted",
  "out-i64": "where to write a signed 64-bit number; null if not wanted",
  request: "a request handle",
  response: "a response handle",
  pending: "a pending handle",
  "allocate-function": "table index of a function `(size: i32) -> i32`",
  "free-function": "table index of a function `(pointer: i32)`",
  number: "a number",
  flag: "0 or 1",
};

const INTRODUCTION = `<!-- ${GENERATED_NOTICE} -->

# Hostcalls

A program is a WebAssembly module that exports \`run\` (no parameters, no results) and imports the calls
below from \`env\`. Request 0 is the incoming request and response 0 the outgoing one. Every other handle
comes from a call and is valid within one run.

- The host returns data in memory from the program's own allocator (\`hostcall_init_mm\`), and the program
  frees it. A list and each of its elements are separate allocations. Without an allocator, a call that has
  something to return ends the instance.
- Out-parameters are written on every return. Nothing, or an empty value, is a null pointer and length 0.
  Elements of a list and values found in the store are never null. 16 zero bytes follow every value; its
  length does not count them.
- Where an input has length 0, its pointer is ignored.
- A handle that is unknown, already consumed or of the wrong direction gives the call's error result. If the
  call has none, the instance ends.
- A call that may wait suspends only this instance.
`;

/** Text of the page. */
export function referencePage(): string {
  return `${INTRODUCTION}${domains()
    .map(([domain, calls]) => domainSection(domain, calls))
    .join("")}`;
}

type Entry = readonly [HostcallName, Hostcall];

function domains(): [HostcallDomain, Entry[]][] {
  const byDomain = new Map<HostcallDomain, Entry[]>();
  for (const entry of hostcallEntries())
    byDomain.set(entry[1].domain, [...(byDomain.get(entry[1].domain) ?? []), entry]);
  return [...byDomain];
}

function domainSection(domain: HostcallDomain, calls: readonly Entry[]): string {
  return `\n## ${TITLES[domain]}\n${calls.map(([name, call]) => callSection(name, call)).join("")}`;
}

function callSection(name: HostcallName, call: Hostcall): string {
  const parts = [
    `### \`${name}\``,
    call.maySuspend ? `${call.summary} May wait.` : call.summary,
    fenced("c", `${cPrototype(name, call)};`),
    fenced("wat", watImport(name, call)),
    ...(call.params.length > 0 ? [parameterTable(call.params)] : []),
    ...(call.result === null ? [] : [`Result: ${resultText(call)}.`]),
    fenced("c", call.example),
  ];
  return `\n${parts.join("\n\n")}\n`;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function parameterTable(params: readonly Parameter[]): string {
  const rows = params.map((param) => `| \`${param.name}\` | ${param.type} | ${ROLES[param.role]} |`);
  return ["| parameter | type | meaning |", "|---|---|---|", ...rows].join("\n");
}

function resultText(call: Hostcall): string {
  const { result } = call;
  if (result === null) return "none";
  const statuses = result.statuses.map((status) => `${status.value}: ${status.meaning}`);
  const value = {
    request: ["a request handle"],
    response: ["a response handle"],
    pending: ["a pending handle"],
    number: [`a number (${result.type})`],
    validity: [],
    flag: [],
  };
  return [...value[result.role], ...statuses].join("; ");
}
