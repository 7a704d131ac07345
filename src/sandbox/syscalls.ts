// Numbers of the system calls that a sandboxed process has no use for, by architecture. The kernel never
// changes a number.

/** An architecture that filters can be made for. */
export interface SyscallTable {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly auditArch: number;
  readonly clone: number;
  readonly socket: number;
  /** Make a process, whatever their arguments. */
  readonly forks: readonly number[];
  /** Reach other processes, the kernel, devices, mounts or namespaces. */
  readonly denied: readonly number[];
}

/** clone3: its flags lie in memory, where no filter sees them. libc then uses clone. */
export const CLONE3 = 435;
/** Calls that came later are unknown to these lists, so no filter lets them pass. */
export const LAST_KNOWN_SYSCALL = 462;

/** Same numbers on all architectures: io_uring, new mounts, pidfd_open and pidfd_getfd, memfd_secret. */
const UNIFIED = [425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442, 443, 447, 448];

/** By `process.arch`. */
export const SYSCALL_TABLES: Readonly<Record<string, SyscallTable>> = {
  x64: {
    auditArch: 0xc000003e,
    clone: 56,
    socket: 41,
    // fork, vfork, execveat
    forks: [57, 58, 322],
    denied: [
      // ptrace, syslog, mknod, uselib, personality, vhangup, modify_ldt, pivot_root, chroot, acct
      101,
      103,
      133,
      134,
      135,
      153,
      154,
      155,
      161,
      163,
      // mount, umount2, swapon, swapoff, reboot, sethostname, setdomainname, iopl, ioperm
      165,
      166,
      167,
      168,
      169,
      170,
      171,
      172,
      173,
      // init_module, delete_module, quotactl, nfsservctl, lookup_dcookie, kexec_load
      175,
      176,
      179,
      180,
      212,
      246,
      // add_key, request_key, keyctl, migrate_pages, mknodat, unshare, vmsplice, move_pages
      248,
      249,
      250,
      256,
      259,
      272,
      278,
      279,
      // perf_event_open, fanotify_init, name_to_handle_at, open_by_handle_at, setns
      298,
      300,
      303,
      304,
      308,
      // process_vm_readv, process_vm_writev, kcmp, finit_module, kexec_file_load, bpf, userfaultfd
      310,
      311,
      312,
      313,
      320,
      321,
      323,
      ...UNIFIED,
    ],
  },
  arm64: {
    auditArch: 0xc00000b7,
    clone: 220,
    socket: 198,
    // execveat; there is no fork and no vfork.
    forks: [281],
    denied: [
      // lookup_dcookie, mknodat, umount2, mount, pivot_root, nfsservctl, chroot, vhangup, quotactl, vmsplice
      18,
      33,
      39,
      40,
      41,
      42,
      51,
      58,
      60,
      75,
      // acct, personality, unshare, kexec_load, init_module, delete_module, syslog, ptrace, reboot
      89,
      92,
      97,
      104,
      105,
      106,
      116,
      117,
      142,
      // sethostname, setdomainname, add_key, request_key, keyctl, swapon, swapoff, migrate_pages, move_pages
      161,
      162,
      217,
      218,
      219,
      224,
      225,
      238,
      239,
      // perf_event_open, fanotify_init, name_to_handle_at, open_by_handle_at, setns
      241,
      262,
      264,
      265,
      268,
      // process_vm_readv, process_vm_writev, kcmp, finit_module, bpf, userfaultfd, kexec_file_load
      270,
      271,
      272,
      273,
      280,
      282,
      294,
      ...UNIFIED,
    ],
  },
};
