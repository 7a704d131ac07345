// What a compiler is to the platform, and the processes and walls that compilers run in.
export type { BuildEvent, SourceFrame } from "./compiler.ts";
