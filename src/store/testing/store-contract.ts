// The contract of every store: a store's test file calls this with a function that creates one.
import { describe } from "vitest";
import { describeApps } from "./apps-contract.ts";
import { describeArtifacts } from "./artifacts-contract.ts";
import { describeDeployments } from "./deployments-contract.ts";
import type { MakeStore } from "./bench.ts";
import { describeKeyValue } from "./key-value-contract.ts";
import { describeKeyValueModel } from "./key-value-model.ts";
import { describeLiveness } from "./liveness-contract.ts";
import { describeLogs } from "./logs-contract.ts";
import { describeSeveralProcesses } from "./processes-contract.ts";

/** `maxLogBytes` is the limit of one deployment's log that `make` configures. */
export function describeStore(
  name: string,
  make: MakeStore,
  options: { readonly maxLogBytes: number },
): void {
  describe(`the ${name} store`, () => {
    describe("deployments", () => describeDeployments(make));
    describe("apps", () => describeApps(make));
    describe("artifacts", () => describeArtifacts(make));
    describe("key-value", () => describeKeyValue(make));
    describe("key-value beside a model", () => describeKeyValueModel(make));
    describe("logs", () => describeLogs(make, options.maxLogBytes));
    describe("liveness", () => describeLiveness(make));
    describe("several processes", () => describeSeveralProcesses(make));
  });
}
