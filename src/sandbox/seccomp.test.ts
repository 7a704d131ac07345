import { expect, test } from "vitest";
import { assembleBpf } from "./bpf.ts";
import { seccompFilter, type SeccompPolicy } from "./seccomp.ts";
import { SYSCALL_TABLES } from "./syscalls.ts";

const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const EAFNOSUPPORT = 0x00050061;
const KILL = 0x80000000;

/** Runs a filter over `struct seccomp_data`, as the kernel does. */
function run(filter: Uint8Array, architecture: number, syscall: number, argument = 0): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(syscall >>> 0, 0);
  data.writeUInt32LE(architecture >>> 0, 4);
  data.writeUInt32LE(argument >>> 0, 16);
  const code = Buffer.from(filter);
  let accumulator = 0;
  for (let at = 0; at < code.length; at += 8) {
    const [operation, value] = [code.readUInt16LE(at), code.readUInt32LE(at + 4)];
    if (operation === 0x06) return value;
    if (operation === 0x20) accumulator = data.readUInt32LE(value);
    else {
      const holds =
        operation === 0x15
          ? accumulator === value
          : operation === 0x25
            ? accumulator > value
            : (accumulator & value) !== 0;
      at += 8 * code.readUInt8(at + (holds ? 2 : 3));
    }
  }
  throw new Error("the filter ends without a verdict");
}

const CASES = Object.entries(SYSCALL_TABLES).flatMap(([name, table]) =>
  (["threads", "processes"] as const).map((policy) => ({ name, table, policy })),
);

test.each(CASES)(
  "on $name, $policy denies each listed call and lets others pass",
  ({ name, table, policy }) => {
    const filter = seccompFilter(policy, name)!;
    const verdict = (syscall: number, argument = 0) => run(filter, table.auditArch, syscall, argument);
    for (const syscall of table.denied) expect([syscall, verdict(syscall)]).toEqual([syscall, EPERM]);
    for (const syscall of table.forks)
      expect([syscall, verdict(syscall)]).toEqual([syscall, policy === "threads" ? EPERM : ALLOW]);
    expect(verdict(0)).toBe(ALLOW);
    expect(verdict(435)).toBe(ENOSYS);
    expect(verdict(463)).toBe(ENOSYS);
    // The calls of x32.
    expect(verdict(0x40000000)).toBe(ENOSYS);
  },
);

test.each(CASES)("on $name, $policy looks at the flags of clone and the family of sockets", (given) => {
  const { name, table, policy } = given;
  const filter = seccompFilter(policy, name)!;
  const verdict = (syscall: number, argument: number) => run(filter, table.auditArch, syscall, argument);
  const [thread, fork, userNamespace] = [0x3d0f00, 0x1200011, 0x10000011];
  const allowed: Record<SeccompPolicy, number[]> = { threads: [thread], processes: [thread, fork] };
  for (const flags of [thread, fork, userNamespace])
    expect(verdict(table.clone, flags)).toBe(allowed[policy].includes(flags) ? ALLOW : EPERM);
  for (const family of [1, 2, 10, 16]) expect(verdict(table.socket, family)).toBe(ALLOW);
  for (const family of [17, 38, 40]) expect(verdict(table.socket, family)).toBe(EAFNOSUPPORT);
});

test("a call of another architecture ends the process, and one without numbers has no filter", () => {
  expect(run(seccompFilter("threads", "x64")!, 0x40000003, 0)).toBe(KILL);
  expect(seccompFilter("threads", "riscv64")).toBeNull();
});

test("a jump that goes backwards, or too far, is not assembled", () => {
  const back = { kind: "jump", test: "equal", value: 0, matched: "start", unmatched: null } as const;
  expect(() => assembleBpf([{ kind: "label", name: "start" }, back])).toThrow("No jump reaches");
});
