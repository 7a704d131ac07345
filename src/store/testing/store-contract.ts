// Owns the contract that every store keeps: a test file of a store calls this with a way to make one.
import { describe } from "vitest";
import { describeArtifacts } from "./artifacts-contract.ts";
import { describeDeployments } from "./deployments-contract.ts";
import type { MakeStore } from "./bench.ts";
import { describeKeyValue } from "./key-value-contract.ts";
import { describeKeyValueModel } from "./key-value-model.ts";
import { describeLiveness } from "./liveness-contract.ts";
import { describeLogs } from "./logs-contract.ts";
import { describeSeveralProcesses } from "./processes-contract.ts";

/** `maxLogBytes` is the bound of one deployment's log that `make` configures. */
export function describeStore(
  name: string,
  make: MakeStore,
  options: { readonly maxLogBytes: number },
): void {
  describe(`the ${name} store`, () => {
    describe("deployments", () => describeDeployments(make));
    describe("artifacts", () => describeArtifacts(make));
    describe("key-value", () => describeKeyValue(make));
    describe("key-value beside a model", () => describeKeyValueModel(make));
    describe("logs", () => describeLogs(make, options.maxLogBytes));
    describe("liveness", () => describeLiveness(make));
    describe("several processes", () => describeSeveralProcesses(make));
  });
}
