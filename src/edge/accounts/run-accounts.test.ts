import { describe, expect, it } from "vitest";
import { TerrariumError } from "../../errors/index.ts";
import type { DeploymentId } from "../../store/types.ts";
import { DeploymentAccount, FAIR_CPU_MS, RunAccounts } from "./run-accounts.ts";

const BURNER = "burner" as DeploymentId;
const NEIGHBOUR = "neighbour" as DeploymentId;

function world() {
  const offences: string[] = [];
  const accounts = new RunAccounts((id, offence) => offences.push(`${id}: ${offence}`));
  const own = { burner: new DeploymentAccount(), neighbour: new DeploymentAccount() };
  const burn = (cpuMs: number) => accounts.ended(BURNER, own.burner, { wallMs: cpuMs, cpuMs }, null);
  const neighbour = () => accounts.ended(NEIGHBOUR, own.neighbour, { wallMs: 1, cpuMs: 1 }, null);
  return { offences, accounts, own, burn, neighbour };
}

describe("the accounts of an edge", () => {
  it("report whoever takes most of a window while others run, once per window", () => {
    const { offences, accounts, burn, neighbour } = world();
    neighbour();
    burn(FAIR_CPU_MS - 1);
    expect(offences).toEqual([]);
    burn(2);
    burn(2);
    accounts.advance();
    neighbour();
    burn(FAIR_CPU_MS + 1);
    expect(offences).toEqual(["burner: cpu-share", "burner: cpu-share"]);
  });

  it("let a deployment have a whole edge that nobody else needs", () => {
    const { offences, burn } = world();
    burn(FAIR_CPU_MS * 2);
    burn(FAIR_CPU_MS * 2);
    expect(offences).toEqual([]);
  });

  it("do not add up windows", () => {
    const { offences, accounts, burn, neighbour } = world();
    for (let window = 0; window < 10; window++) {
      neighbour();
      burn(FAIR_CPU_MS - 1);
      accounts.advance();
    }
    expect(offences).toEqual([]);
  });

  it("report each run that was stopped at the CPU limit, and no other fault", () => {
    const { offences, accounts, own } = world();
    const limit = (name: string) =>
      new TerrariumError("TER_GUEST_LIMIT", { limit: name, used: "1 ms", allowed: "1 ms", fix: "Use less" });
    const end = (error: TerrariumError) => accounts.ended(BURNER, own.burner, { wallMs: 1, cpuMs: 1 }, error);
    end(limit("wall time"));
    end(new TerrariumError("TER_GUEST_TRAP", { trap: "division by zero" }));
    end(limit("CPU time"));
    expect(offences).toEqual(["burner: cpu-limit"]);
    expect(Object.fromEntries(accounts.faults)).toEqual({ TER_GUEST_LIMIT: 2, TER_GUEST_TRAP: 1 });
  });
});
