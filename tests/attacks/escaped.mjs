// A program that broke out of V8, in place of an edge: tries what it should not be able to do, and tells what
// worked. Plain JavaScript: nothing of the checkout's tests is readable in the sandbox.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";

const status = readFileSync("/proc/self/status", "utf8");
const field = (name) => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1];
const need = (value) => {
  if (!value) throw new Error("nothing");
  return String(value);
};

const tries = {
  "see processes of others": () =>
    need(
      readdirSync("/proc")
        .filter((name) => Number(name) > 3)
        .join(" "),
    ),
  "have a capability": () => need(BigInt(`0x${field("CapEff")}${field("CapPrm")}${field("CapBnd")}`)),
  "gain privileges": () => need(field("NoNewPrivs") === "0"),
  "call the system without a filter": () => need(field("Seccomp") !== "2"),
  "be root": () => need(process.getuid() === 0 && "uid 0"),
  "start a process": () => need(spawnSync(process.execPath, ["--version"]).stdout?.length),
  "write to the root": () => need(writeFileSync("/new", "") === undefined),
  "find a home": () =>
    need(
      readdirSync("/")
        .filter(
          (name) =>
            ["home", "var", "opt", "usr"].includes(name) &&
            readdirSync(`/${name}`).some((inner) => !["lib", "lib64", "share"].includes(inner)),
        )
        .join(" "),
    ),
  "find a program": () =>
    need(
      ["/bin/sh", "/usr/bin/env", "/sbin/init"]
        .filter((path) => statSync(path, { throwIfNoEntry: false }))
        .join(" "),
    ),
};
for (const path of JSON.parse(process.argv[2])) {
  tries[`read ${path}`] = () => need(readFileSync(path).length);
  tries[`list ${path}`] = () => need(readdirSync(path).length);
}
for (const path of JSON.parse(process.argv[3]))
  tries[`write ${path}`] = () => need(writeFileSync(path, "", { flag: "a" }) === undefined);

const worked = {};
for (const [name, attempt] of Object.entries(tries)) {
  try {
    worked[name] = attempt();
  } catch {
    // As it should be.
  }
}
process.send(worked, () => process.exit());
