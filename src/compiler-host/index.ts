// What a compiler is to the platform, and the processes and sandboxes that compilers run in.
export type { BuildEvent, SourceFrame } from "./compiler.ts";
