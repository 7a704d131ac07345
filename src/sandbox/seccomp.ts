// The system call filters of processes in a sandbox. They deny what a guest that broke out of V8, or a build
// script, would try next. What is not denied runs at full speed, because the kernel remembers calls that pass
// whatever their arguments.
import { assembleBpf, type Instruction } from "./bpf.ts";
import { CLONE3, LAST_KNOWN_SYSCALL, SYSCALL_TABLES, type SyscallTable } from "./syscalls.ts";

/** `threads`: no process can be started. `processes`: processes can, but none in a namespace of its own. */
export type SeccompPolicy = "threads" | "processes";

/** Offsets in `struct seccomp_data`; arguments are 64 bits wide, their low half first. */
const OFFSET = { syscall: 0, architecture: 4, firstArgument: 16 } as const;
const RETURN = { allow: 0x7fff0000, killProcess: 0x80000000, error: 0x00050000 } as const;
const ERROR = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;

const CLONE_THREAD = 0x00010000;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW_NAMESPACES = 0x7e020000;
/** AF_UNIX, AF_INET, AF_INET6, and AF_NETLINK, by which libc lists the machine's addresses. */
const SOCKET_FAMILIES = [1, 2, 10, 16];

/** The filter for this architecture; null if there are no numbers for it. */
export function seccompFilter(policy: SeccompPolicy, architecture: string = process.arch): Uint8Array | null {
  const table = SYSCALL_TABLES[architecture];
  return table === undefined ? null : assembleBpf(instructionsOf(policy, table));
}

function instructionsOf(policy: SeccompPolicy, table: SyscallTable): Instruction[] {
  const denied = policy === "threads" ? [...table.forks, ...table.denied] : table.denied;
  return [
    { kind: "load", offset: OFFSET.architecture },
    jump("equal", table.auditArch, null, "kill"),
    { kind: "load", offset: OFFSET.syscall },
    // Among these are the calls of x32, which have a bit of their own.
    jump("greater", LAST_KNOWN_SYSCALL, "unknown", null),
    jump("equal", CLONE3, "unknown", null),
    ...denied.map((number) => jump("equal", number, "deny", null)),
    jump("equal", table.clone, "clone", null),
    jump("equal", table.socket, "socket", "allow"),
    { kind: "label", name: "socket" },
    { kind: "load", offset: OFFSET.firstArgument },
    ...SOCKET_FAMILIES.map((family) => jump("equal", family, "allow", null)),
    { kind: "return", value: RETURN.error | ERROR.EAFNOSUPPORT },
    { kind: "label", name: "clone" },
    { kind: "load", offset: OFFSET.firstArgument },
    policy === "threads"
      ? jump("anyBit", CLONE_THREAD, "allow", "deny")
      : jump("anyBit", CLONE_NEW_NAMESPACES, "deny", "allow"),
    { kind: "label", name: "allow" },
    { kind: "return", value: RETURN.allow },
    { kind: "label", name: "deny" },
    { kind: "return", value: RETURN.error | ERROR.EPERM },
    { kind: "label", name: "unknown" },
    { kind: "return", value: RETURN.error | ERROR.ENOSYS },
    { kind: "label", name: "kill" },
    { kind: "return", value: RETURN.killProcess },
  ];
}

function jump(
  test: "equal" | "greater" | "anyBit",
  value: number,
  matched: string | null,
  unmatched: string | null,
): Instruction {
  return { kind: "jump", test, value, matched, unmatched };
}
