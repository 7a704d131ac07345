// Everything that guests of these tests run on, in this process: compilers, engine, hostcalls, a real store,
// an origin, a name server.
import { randomFillSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOST_IMPORTS, HOSTCALL_MODULE } from "../../src/abi/index.ts";
import { type Builder, createBuilder } from "../../src/builder/index.ts";
import type { ProjectFiles } from "../../src/project/index.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import {
  createEngine,
  type Engine,
  type HostFunction,
  type HostFunctions,
  type Program,
} from "../../src/engine/index.ts";
import {
  createOutbound,
  createResolver,
  createRunState,
  disposeRunState,
  hostFunctions,
  outgoingResponse,
  type OutboundService,
  type Resolver,
  type RunState,
  type HostServices,
} from "../../src/hostcalls/index.ts";
import {
  addressRecord,
  type NameServer,
  respond,
  startNameServer,
} from "../../src/hostcalls/testing/name-server.ts";
import {
  openStore,
  type DeploymentId,
  type Digest,
  type KeyValueNamespace,
  type Store,
} from "../../src/store/index.ts";
import { rewriteModule } from "../../src/wasm/index.ts";
import { type FeatureName, GUEST_FILES, type GuestLanguage } from "./coverage.ts";
import type { FeatureAnswer, Ask, Guest } from "./feature.ts";
import { type Origin, startOrigin } from "./origin.ts";

/** The clock that guests see, until a test moves it. */
export const NOW_MS = 1_700_000_000_123.5;

const GUESTS = join(import.meta.dirname, "../guests");
const IPV4 = [192, 0, 2, 7];
const IPV6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];

/** The world, made once for all features. */
export class World {
  nowMs = NOW_MS;
  readonly #dir: string;
  readonly #store: Store;
  readonly #origin: Origin;
  readonly #names: NameServer;
  readonly #builder: Builder;
  readonly #engine: Engine<RunState>;
  /** Where the calls of the guest that runs are noted; tests run one guest at a time. */
  #called = new Set<string>();
  readonly #resolver: Resolver;
  readonly #outbound: OutboundService;

  private constructor(dir: string, store: Store, origin: Origin, names: NameServer) {
    [this.#dir, this.#store, this.#origin, this.#names] = [dir, store, origin, names];
    this.#engine = createEngine({
      hostFunctions: noting((name) => this.#called.add(name)),
      limits: DEFAULT_LIMITS,
    });
    this.#builder = createBuilder({ dataDir: dir, limits: DEFAULT_LIMITS });
    this.#resolver = createResolver({
      server: { host: "127.0.0.1", port: names.port },
      random: randomFillSync,
    });
    this.#outbound = createOutbound({
      resolver: this.#resolver,
      limits: { maxHeaderBytes: 32_768, maxBodyBytes: 1 << 20 },
      allowNet: ["127.0.0.0/8"],
      resolve: [],
      caFiles: [],
    });
  }

  static async open(): Promise<World> {
    const dir = mkdtempSync(join(tmpdir(), "terrarium-hostcalls-"));
    const store = await openStore(
      { dataDir: dir, store: "sqlite", limits: DEFAULT_LIMITS },
      { role: "supervisor" },
    );
    const names = await startNameServer((query, { name, type }) => {
      if (name !== "a.test") return respond(query, [], 0x8183);
      return respond(query, [type === 28 ? addressRecord(name, IPV6) : addressRecord(name, IPV4)]);
    });
    return new World(dir, store, await startOrigin(), names);
  }

  get originUrl(): string {
    return this.#origin.url;
  }

  /** How much the store of a program holds. */
  async usageOf(name: string): Promise<{ readonly keys: number; readonly bytes: number }> {
    return this.#openKeyValue(deploymentOf(name)).usage();
  }

  /** Compiles one feature's guest and loads it. */
  guest(feature: FeatureName, language: GuestLanguage): Promise<Guest> {
    return this.program(`${feature}-${language.toLowerCase()}`, sources(feature, language));
  }

  /** Compiles any project and loads it. */
  async program(
    name: string,
    files: ProjectFiles,
    maxMemoryPages = 1024,
    flags: readonly string[] = [],
  ): Promise<Guest> {
    const program = await this.#load(await this.build(files, flags), maxMemoryPages);
    const keyValue = await this.#keyValueOf(name);
    const called = new Set<string>();
    return {
      origin: this.#origin.url,
      nowhere: "http://127.0.0.1:1",
      called,
      ask: (path, options = {}) => {
        this.#called = called;
        return this.#ask(program, keyValue, path, options);
      },
    };
  }

  /** The module of a project as the compiler made it. */
  async build(files: ProjectFiles, flags: readonly string[] = []): Promise<Uint8Array> {
    return (await this.#builder.build(files, { hint: null, flags })).wasm;
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#engine.close(),
      this.#builder.close(),
      this.#origin.close(),
      this.#names.close(),
    ]);
    await this.#store.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #ask(
    program: Program<RunState>,
    keyValue: KeyValueNamespace,
    path: string,
    { method = "GET", headers = [], body = "" }: Ask,
  ): Promise<FeatureAnswer> {
    const log: string[] = [];
    const services = this.#services(keyValue, log);
    const state = createRunState(services, {
      id: "request",
      method,
      path,
      headers: [["host", "guest.test"], ...headers],
      body: Buffer.from(body),
    });
    const outcome = await program.run(state, { cpuMs: 10_000, wallMs: 30_000 });
    const response = outgoingResponse(state);
    disposeRunState(state);
    const fault = outcome.kind === "fault" ? outcome.error.message : null;
    return { ...response, said: Buffer.from(response.body).toString().trimEnd(), fault, log };
  }

  #services(keyValue: KeyValueNamespace, log: string[]): HostServices {
    return {
      keyValue,
      environment: [],
      outbound: this.#outbound.forRun({ depth: 0, budget: { left: 0 } }),
      resolver: this.#resolver,
      log: (source, text) => void log.push(`${source}: ${text}`),
      now: () => this.nowMs,
      random: randomFillSync,
      limits: DEFAULT_LIMITS,
    };
  }

  async #load(wasm: Uint8Array, maxMemoryPages: number): Promise<Program<RunState>> {
    const hostImports = HOST_IMPORTS;
    return this.#engine.load(
      rewriteModule(wasm, { hostImports, interruptible: true, maxMemoryPages, maxTableEntries: 10_000 }),
    );
  }

  async #keyValueOf(name: string): Promise<KeyValueNamespace> {
    const id = deploymentOf(name);
    await this.#store.deployments.create({
      id,
      name,
      language: "wat",
      phase: "live",
      message: "",
      errorCode: null,
      createdAtMs: 0,
      expiresAtMs: null,
      tokenDigest: "0".repeat(64) as Digest,
      app: null,
      version: null,
      source: "127.0.0.1",
    });
    return this.#openKeyValue(id);
  }

  #openKeyValue(id: DeploymentId): KeyValueNamespace {
    return this.#store.keyValue.open(id, {
      maxKeyBytes: 1024,
      maxValueBytes: 1 << 20,
      maxKeys: 10_000,
      maxTotalBytes: 1 << 24,
    });
  }
}

function deploymentOf(name: string): DeploymentId {
  return `${name}-test-guest` as DeploymentId;
}

/** Files of one guest's project. WAT has no files to include, so its prelude is pasted in. */
function sources(feature: FeatureName, language: GuestLanguage): ProjectFiles {
  const read = (folder: string, file: string) => readFileSync(join(GUESTS, folder, file), "utf8");
  const guest = read(feature, GUEST_FILES[language]);
  const files = {
    WAT: () => ({
      "src/main.wat": guest.replace(";; include prelude.wat", () => read("prelude", "prelude.wat")),
    }),
    C: () => ({ "src/main.c": guest, "src/prelude.h": read("prelude", "prelude.h") }),
    AssemblyScript: () => ({
      "assembly/index.ts": guest,
      "assembly/prelude.ts": read("prelude", "prelude.ts"),
    }),
    Rust: () => ({ "src/lib.rs": guest, "src/prelude.rs": read("prelude", "prelude.rs") }),
  }[language]();
  return new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
}

/** The platform's host functions, each noting that it was called. */
function noting(note: (name: string) => void): HostFunctions<RunState> {
  const env: Record<string, HostFunction<RunState>> = Object.create(null);
  for (const [name, original] of Object.entries(hostFunctions[HOSTCALL_MODULE]!)) {
    env[name] = {
      ...original,
      call: (guest, ...args) => {
        note(name);
        return original.call(guest, ...args);
      },
    };
  }
  return { ...hostFunctions, [HOSTCALL_MODULE]: env };
}
