// Defences of sandboxes: what a stranger's build script or macro, or a guest that broke out of V8, can see,
// change and use up.
import type { Defence } from "./types.ts";

const WALLS = "src/compiler-host/sandbox/bubblewrap.ts";
const COMMAND = "src/compiler-host/sandbox/command.ts";
const TEST = "src/compiler-host/sandbox/bubblewrap.test.ts";

const EDGE_SANDBOX = "src/sandbox/edge-sandbox.ts";
const EDGE_TEST = "tests/attacks/edge-sandbox.test.ts";

const EDGE_DEFENCES: readonly Defence[] = [
  {
    name: "An edge that is killed while its sandbox is made leaves no process",
    file: "src/control/supervisor/edge-child.ts",
    test: "src/control/supervisor/spare-edge.test.ts",
    present: `if (!this.#isSandboxed) this.#process.kill("SIGKILL");`,
    removed: `if (this.#pids === undefined) this.#process.kill("SIGKILL");`,
  },
  {
    name: "Edges see no process but their own",
    file: EDGE_SANDBOX,
    test: EDGE_TEST,
    present: `"--proc", "/proc",`,
    removed: `"--ro-bind", "/proc", "/proc",`,
  },
  {
    name: "Edges start no process",
    file: EDGE_SANDBOX,
    test: EDGE_TEST,
    present: `seccompFilter("threads")`,
    removed: `seccompFilter("processes")`,
  },
  {
    name: "Edges have a system call filter",
    file: EDGE_SANDBOX,
    test: EDGE_TEST,
    present: `...(filter === null ? [] : ["--seccomp", String(FILTER_FD)]),`,
    removed: "",
  },
  {
    name: "Edges are nobody",
    file: EDGE_SANDBOX,
    test: EDGE_TEST,
    present: `"--uid", NOBODY, "--gid", NOBODY]`,
    removed: `"--uid", "0", "--gid", "0"]`,
  },
  {
    name: "Edges cannot write to their root",
    file: EDGE_SANDBOX,
    test: EDGE_TEST,
    present: `"--remount-ro", "/",`,
    removed: "",
  },
  {
    name: "Edges find only the files that they need",
    file: "src/control/supervisor/edge-surroundings.ts",
    test: EDGE_TEST,
    present: "...readable, runDir,",
    removed: "...readable, runDir, config.dataDir,",
  },
  {
    name: "Edges do not change what only the supervisor writes",
    file: "src/store/sqlite/edge-files.ts",
    test: EDGE_TEST,
    present: "writable: [...records, directory.keyValue, directory.logs],",
    removed: "writable: [...records, directory.keyValue, directory.logs, directory.blobs],",
  },
  {
    name: "A server for strangers does not start without a sandbox for edges",
    file: "src/control/supervisor/supervisor.ts",
    test: EDGE_TEST,
    present: `if (sandbox === "required") throw`,
    removed: `if (path === "") throw`,
  },
];

const DEFENCES: readonly Omit<Defence, "testTimeoutMs">[] = [
  {
    name: "Builds make no namespace",
    file: WALLS,
    test: TEST,
    present: `["--seccomp", String(EXTRA_INPUT_FD)]`,
    removed: "[]",
  },
  {
    name: "Builds see nothing of the machine in /proc",
    file: WALLS,
    test: TEST,
    present: "      ...machineWideProcFiles().flatMap(hide),\n",
    removed: "",
  },
  {
    name: "Builds have no network",
    file: WALLS,
    test: TEST,
    present: `...(walls.network === true ? ["--share-net"] : [])`,
    removed: `"--share-net"`,
  },
  {
    name: "Builds see no process but their own, and leave none",
    file: WALLS,
    test: TEST,
    present: `...(asNobody ? NAMESPACES : ["--unshare-all"])`,
    removed: `...NAMESPACES.filter((flag) => flag !== "--unshare-pid")`,
  },
  {
    name: "Builds die with their server",
    file: WALLS,
    test: TEST,
    present: `"--die-with-parent", `,
    removed: "",
  },
  {
    name: "Builds get no environment but their own",
    file: COMMAND,
    test: TEST,
    present: "env: command.env",
    removed: "env: { ...process.env, ...command.env }",
  },
  {
    name: "Builds change nothing of what they read",
    file: WALLS,
    test: TEST,
    present: `(readable ?? []).flatMap((folder) => ["--ro-bind", folder, folder])`,
    removed: `(readable ?? []).flatMap((folder) => ["--bind", folder, folder])`,
  },
  {
    name: "Builds see only what they were given",
    file: WALLS,
    test: TEST,
    present: `"--perms", "0755", "--dir", "/etc",`,
    removed: `"--ro-bind", "/", "/",`,
  },
  {
    name: "What a build writes is bounded",
    file: WALLS,
    test: TEST,
    present: `"--size", String(walls.temporaryBytes), `,
    removed: "",
  },
  {
    name: "The artefact is one file, which no link replaces",
    file: WALLS,
    test: TEST,
    present: `["--bind", walls.artefact, walls.artefact]`,
    removed: `["--bind", dirname(walls.artefact), dirname(walls.artefact)]`,
  },
  {
    name: "Processes of a build are bounded",
    file: WALLS,
    test: TEST,
    present: "`--nproc=${processes}`, ",
    removed: "",
  },
  {
    name: "Processes are bounded for root as well",
    file: WALLS,
    test: TEST,
    present: "process.getuid?.() === 0 &&",
    removed: "process.getuid?.() === -1 &&",
  },
  {
    name: "Files of a build are bounded",
    file: WALLS,
    test: TEST,
    present: "`--fsize=${fileBytes}`, ",
    removed: "",
  },
  {
    name: "Memory of a build is bounded",
    file: WALLS,
    test: TEST,
    present: "`--as=${memoryBytes}`, ",
    removed: "",
  },
  {
    name: "Processor time of a build is bounded",
    file: WALLS,
    test: TEST,
    present: "`--cpu=${cpuSeconds}`, ",
    removed: "",
    endless: true,
  },
];

/** Where we are root, builds run as nobody, whom the rights of these folders stop already. */
const BEYOND_RIGHTS: typeof DEFENCES = [
  {
    name: "The root cannot be filled",
    file: WALLS,
    test: TEST,
    present: `"--remount-ro", "/", `,
    removed: "",
    needsOrdinaryUser: true,
  },
  {
    name: "The folder of devices cannot be filled",
    file: WALLS,
    test: TEST,
    present: `"--remount-ro", "/dev", `,
    removed: "",
    needsOrdinaryUser: true,
  },
];

/** Some tests wait for seconds of processor time. */
export const SANDBOX_DEFENCES: readonly Defence[] = [
  ...EDGE_DEFENCES,
  ...[...DEFENCES, ...BEYOND_RIGHTS].map((defence) => ({ ...defence, testTimeoutMs: 30_000 })),
];
