import { expect, test } from "vitest";
import { UploadBudget } from "./upload-budget.ts";

const LARGEST = 100;

/** An upload under way, until it is ended. */
function begin(budget: UploadBudget, source: string, bytes: number): { end(): void; over: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { end: resolve, over: budget.during(source, bytes, () => promise) };
}

const full = expect.objectContaining({ code: "TER_UPLOADS_FULL" });

test("uploads hold eight of the largest in all, and what has ended makes room", async () => {
  const budget = new UploadBudget(8 * LARGEST, false);
  const held = Array.from({ length: 8 }, () => begin(budget, "a", LARGEST));
  await expect(budget.during("b", 1, () => Promise.resolve())).rejects.toEqual(full);
  held[0]?.end();
  await held[0]?.over;
  expect(await budget.during("b", LARGEST, () => Promise.resolve("read"))).toBe("read");
});

test("one source leaves as much to others as it holds itself", async () => {
  const budget = new UploadBudget(8 * LARGEST, true);
  let taken = 0;
  const isRefused = async ({ over }: ReturnType<typeof begin>) =>
    await Promise.race([
      over.then(
        () => false,
        () => true,
      ),
      new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
    ]);
  while (taken < 20 && !(await isRefused(begin(budget, "a", LARGEST)))) taken++;
  expect(taken).toBe(4);
  expect(await budget.during("b", LARGEST, () => Promise.resolve("read"))).toBe("read");
});

test("a body that fails gives its bytes back", async () => {
  const budget = new UploadBudget(8 * LARGEST, true);
  for (let round = 0; round < 20; round++)
    await expect(budget.during("a", LARGEST, () => Promise.reject(new Error("cut off")))).rejects.toThrow();
  expect(await budget.during("a", LARGEST, () => Promise.resolve("read"))).toBe("read");
});
