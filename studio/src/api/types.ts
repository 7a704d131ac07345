// What the public API answers, as far as the studio reads it.

/** Problem details of an error. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  /** What to do about it. */
  readonly fix?: string;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A deployment. */
export interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly language: string | null;
  readonly phase: "queued" | "building" | "native" | "deploying" | "live" | "failed";
  readonly message: string;
  readonly errorCode: string | null;
  readonly expiresInMs: number | null;
  readonly url: string;
  readonly urls: { readonly http: string; readonly https: string | null };
}

/** One finding of a compiler; lines and columns count from 1. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "note";
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** One event of a deploy that is being streamed. */
export type DeployEvent =
  | { readonly event: "accepted"; readonly atMs: number; readonly id: string; readonly token: string }
  | { readonly event: "phase"; readonly atMs: number; readonly phase: string; readonly label: string }
  | { readonly event: "phase-end"; readonly atMs: number; readonly phase: string; readonly ms: number }
  | { readonly event: "output"; readonly atMs: number; readonly text: string }
  | { readonly event: "live"; readonly atMs: number; readonly deployment: Deployment }
  | {
      readonly event: "failed";
      readonly atMs: number;
      readonly deployment: Deployment;
      readonly problem: Problem;
      readonly diagnostics?: readonly Diagnostic[];
    };

/** One line of a deployment's log. */
export interface LogEvent {
  readonly offset: number;
  readonly at: string;
  readonly source: "build" | "debug" | "stdout" | "stderr" | "fault" | "platform";
  readonly request: string | null;
  readonly text: string;
}

/** What a followed log sends. */
export type LogStreamEvent = LogEvent | { readonly dropped: number } | { readonly gone: string };

/** A template as the list shows it. */
export interface TemplateSummary {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly language: string;
  readonly variables: readonly TemplateVariable[];
}

/** A text in a template's file that the person has to fill in. */
export interface TemplateVariable {
  readonly name: string;
  readonly label?: string;
  readonly default?: string;
  readonly file?: string;
  readonly secret?: boolean;
}

/** A template with its files: text where it is UTF-8, else base64. */
export interface Template extends TemplateSummary {
  readonly files: readonly {
    readonly path: string;
    readonly text: string | null;
    readonly base64: string | null;
  }[];
}

/** A language and the state of its compiler. */
export interface LanguageState {
  readonly language: string;
  readonly available: boolean;
  /** Version, or what is wrong. */
  readonly detail: string;
  /** The command, on the server, that fixes what is wrong. */
  readonly fix: string | null;
}

/** Keys of a store. */
export interface KeyList {
  readonly keys: readonly {
    readonly key: string;
    readonly text: string | null;
    readonly sizeBytes: number;
  }[];
  readonly next: string | null;
  readonly usage: { readonly keys: number; readonly bytes: number };
}

/** Header fields in order. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** The answer to a request that was sent from the Request panel. */
export interface SentAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: string;
  readonly truncated: boolean;
  readonly ms: number;
}

/** One hostcall of a recorded request; times in milliseconds, `startMs` from the start of the run. */
interface RecordedCall {
  readonly name: string;
  readonly startMs: number;
  readonly ms: number;
  readonly detail: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly result: string;
  readonly note: string;
}

/** One request that the program or a file of the project answered. */
export interface RequestRecord {
  readonly id: string;
  readonly answeredBy: "program" | "asset";
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly usage: { readonly wallMs: number; readonly cpuMs: number; readonly memoryBytes: number } | null;
  readonly calls: readonly RecordedCall[];
  readonly callsLeftOut: number;
  readonly log: readonly { readonly ms: number; readonly source: string; readonly text: string }[];
  readonly fault: {
    readonly code: string;
    readonly message: string;
    readonly frames: readonly {
      readonly functionName: string | null;
      readonly offset: number | null;
      readonly file: string | null;
      readonly line: number | null;
      readonly column: number | null;
    }[];
  } | null;
}

/** A module, described. */
export interface ModuleInfo {
  readonly bytes: number;
  readonly sections: readonly { readonly title: string; readonly size: number }[];
  readonly imports: readonly {
    readonly module: string;
    readonly name: string;
    readonly type: string | null;
  }[];
  readonly exports: readonly { readonly name: string; readonly kind: string; readonly type: string | null }[];
  readonly memories: readonly { readonly initialPages: number }[];
  readonly functions: readonly {
    readonly index: number;
    readonly name: string | null;
    readonly size: number;
  }[];
  readonly features: readonly string[];
}
