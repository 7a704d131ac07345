// Owns child processes of tests: started with a task, killed at a given note, awaited.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, watch, writeFileSync } from "node:fs";
import type { ChildTask } from "./child.ts";

/** A running child and the notes that it leaves. */
export class Child {
  readonly #process: ChildProcess;
  readonly #notes: string;
  #errors = "";
  readonly ended: Promise<unknown>;

  constructor(task: ChildTask) {
    writeFileSync(task.notes, "", { flag: "a" });
    this.#notes = task.notes;
    const program = new URL("./child.ts", import.meta.url).pathname;
    this.#process = spawn(process.execPath, [program, JSON.stringify(task)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process.stderr?.on("data", (data) => (this.#errors += String(data)));
    this.ended = once(this.#process, "close");
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** What it noted: whole lines only. */
  notes(): string[] {
    return readFileSync(this.#notes, "utf8").split("\n").slice(0, -1);
  }

  /** Kills it with SIGKILL once it has noted this many writes. */
  async killAfter(noted: number): Promise<void> {
    const watcher = watch(this.#notes);
    const enough = (async (): Promise<void> => {
      while (this.notes().length < noted) await once(watcher, "change");
    })();
    await Promise.race([enough, this.ended]);
    watcher.close();
    this.#process.kill("SIGKILL");
    await this.ended;
  }

  /** Waits for its exit; throws its output if it failed. */
  async finish(): Promise<void> {
    await this.ended;
    if (this.#process.exitCode !== 0) throw new Error(`a child of the test failed: ${this.#errors}`);
  }

  stop(): void {
    this.#process.kill("SIGKILL");
  }
}
