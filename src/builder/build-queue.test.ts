import { expect, test } from "vitest";
import { BuildQueue } from "./build-queue.ts";

const never = new AbortController().signal;

/** A job that ends on request. */
function heldJob(): { job: () => Promise<string>; finish: () => void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { job: () => promise, finish: () => resolve("done") };
}

test("runs one job at a time, in order, and reports queue positions as they change", async () => {
  const queue = new BuildQueue(10);
  const events: string[] = [];
  const held = ["a", "b", "c"].map((name) => ({ name, ...heldJob() }));
  const runs = held.map(({ name, job }) =>
    queue.run(
      () => {
        events.push(`${name} starts`);
        return job();
      },
      never,
      (position) => events.push(`${name} is ${position}`),
    ),
  );
  held[0]!.finish();
  await runs[0];
  held[1]!.finish();
  await runs[1];
  held[2]!.finish();
  await runs[2];
  expect(events).toEqual(["a starts", "b is 1", "c is 2", "c is 1", "b starts", "c starts"]);
});

test("refuses a job when the queue is full, and accepts one again later", async () => {
  const queue = new BuildQueue(1);
  const [first, second] = [heldJob(), heldJob()];
  const runs = [queue.run(first.job, never, () => undefined), queue.run(second.job, never, () => undefined)];
  await expect(
    queue.run(
      async () => "late",
      never,
      () => undefined,
    ),
  ).rejects.toMatchObject({ code: "TER_TOO_MANY" });
  first.finish();
  second.finish();
  await Promise.all(runs);
  await expect(
    queue.run(
      async () => "again",
      never,
      () => undefined,
    ),
  ).resolves.toBe("again");
});

test("lets a waiting job leave without running, and the next one move up", async () => {
  const queue = new BuildQueue(10);
  const first = heldJob();
  const controller = new AbortController();
  const positions: number[] = [];
  let hasRun = false;
  const running = queue.run(first.job, never, () => undefined);
  const leaving = queue.run(
    async () => void (hasRun = true),
    controller.signal,
    () => undefined,
  );
  const last = queue.run(
    async () => "last",
    never,
    (position) => positions.push(position),
  );
  controller.abort(new Error("gone"));
  await expect(leaving).rejects.toThrow("gone");
  first.finish();
  await running;
  await expect(last).resolves.toBe("last");
  expect(hasRun).toBe(false);
  expect(positions).toEqual([2, 1]);
});

test("continues after a job fails", async () => {
  const queue = new BuildQueue(10);
  const failing = queue.run(
    () => Promise.reject(new Error("broken")),
    never,
    () => undefined,
  );
  const next = queue.run(
    async () => "next",
    never,
    () => undefined,
  );
  await expect(failing).rejects.toThrow("broken");
  await expect(next).resolves.toBe("next");
});
