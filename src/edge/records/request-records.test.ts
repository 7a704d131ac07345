import { expect, test } from "vitest";
import type { DeploymentId } from "../../store/types.ts";
import type { RequestRecord } from "./request-record.ts";
import { RequestRecords } from "./request-records.ts";

const [one, other] = ["one-of-four-words", "other-of-four-words"] as DeploymentId[] as [
  DeploymentId,
  DeploymentId,
];
const record = (id: string) => ({ id }) as RequestRecord;

test("nothing is recorded before somebody asks, nor for another deployment", () => {
  const records = new RequestRecords();
  expect(records.active).toBe(false);
  records.arm(one, 2);
  expect([records.active, records.take(other), records.take(one)]).toEqual([true, false, true]);
});

test("recording stops after the requested number, and asking again continues it", () => {
  const records = new RequestRecords();
  records.arm(one, 2);
  expect([records.take(one), records.take(one), records.take(one), records.active]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  records.arm(one, 1);
  expect(records.take(one)).toBe(true);
});

test("the last fifty requests are kept, and none for a deployment that is gone", () => {
  const records = new RequestRecords();
  records.arm(one, 100);
  for (let index = 0; index < 60; index++) records.add(one, record(String(index)));
  expect(records.of(one)).toHaveLength(50);
  expect(records.of(one)[0]?.id).toBe("10");
  records.forget(one);
  records.add(one, record("late"));
  expect([records.of(one), records.active]).toEqual([[], false]);
});

test("at most a hundred deployments are recorded at once", () => {
  const records = new RequestRecords();
  for (let index = 0; index < 150; index++) records.arm(`d-${index}` as DeploymentId, 1);
  expect([records.take("d-49" as DeploymentId), records.take("d-50" as DeploymentId)]).toEqual([false, true]);
});
