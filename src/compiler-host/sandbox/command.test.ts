import { expect, test } from "vitest";
import { type Command, runCommand } from "./command.ts";

const shell = (script: string, env: Record<string, string> = {}): Command => ({
  file: "/bin/sh",
  arguments: ["-c", script],
  cwd: "/",
  env: { PATH: "/usr/bin:/bin", ...env },
});
const never = new AbortController().signal;

test("gives output by lines and the exit code", async () => {
  const lines: string[] = [];
  const code = await runCommand(
    shell("echo one; echo two >&2; printf three; exit 7"),
    { onStdout: (line) => lines.push(`out ${line}`), onStderr: (line) => lines.push(`err ${line}`) },
    never,
  );
  expect(code).toBe(7);
  expect(lines.toSorted()).toEqual(["err two", "out one", "out three"]);
});

test("treats an end by a signal as a failure", async () => {
  expect(await runCommand(shell("kill -9 $$"), {}, never)).toBe(1);
});

test("passes on no environment but what it is given", async () => {
  const lines: string[] = [];
  await runCommand(shell("env", { MINE: "1" }), { onStdout: (line) => lines.push(line) }, never);
  expect(lines.filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=/.test(line)).toSorted()).toEqual([
    "MINE=1",
    "PATH=/usr/bin:/bin",
  ]);
});

test("rejects for a missing program, and for a signal that was already aborted", async () => {
  await expect(runCommand({ ...shell(""), file: "/nowhere/program" }, {}, never)).rejects.toThrow("ENOENT");
  await expect(runCommand(shell("echo"), {}, AbortSignal.abort(new Error("too late")))).rejects.toThrow(
    "too late",
  );
});

test("ends the program and its children when the signal aborts, and rejects with its reason", async () => {
  const stop = new AbortController();
  const onStdout = (): void => stop.abort(new Error("stopped"));
  await expect(
    runCommand(shell("sleep 1000 & echo started; sleep 1000"), { onStdout }, stop.signal),
  ).rejects.toThrow("stopped");
});
