import { expect, test } from "vitest";
import { TerrariumError } from "../../errors/index.ts";
import { bytes, codeOf, text } from "../testing/fixtures.ts";
import { Lanes } from "./lanes.ts";

/** A lock as SQLite reports it. */
class Lock {
  taken = true;
  readonly check = (): void => {
    if (this.taken)
      throw Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR", errcode: 5 });
  };
}

test("without contention the result is returned at once, not as a promise", () => {
  expect(new Lanes().run("lane", [], () => 42)).toBe(42);
});

test("operations of a lane keep their order while the first waits; other lanes go on", async () => {
  const lanes = new Lanes();
  const lock = new Lock();
  const done: string[] = [];
  const first = lanes.run("lane", [], () => (lock.check(), done.push("first")));
  const second = lanes.run("lane", [], () => done.push("second"));
  expect(first).toBeInstanceOf(Promise);
  expect(second).toBeInstanceOf(Promise);
  expect(lanes.run("other lane", [], () => "at once")).toBe("at once");
  lock.taken = false;
  await Promise.all([first, second]);
  expect(done).toEqual(["first", "second"]);
  expect(lanes.run("lane", [], () => "at once again")).toBe("at once again");
});

test("an operation that waits keeps its original inputs", async () => {
  const lanes = new Lanes();
  const lock = new Lock();
  const input = bytes("before");
  const result = lanes.run("lane", [input], (kept) => (lock.check(), text(kept)));
  input.fill(0);
  lock.taken = false;
  expect(await result).toBe("before");
});

test("waiting too long ends in TER_STORE_UNAVAILABLE, and the next operation gets its turn", async () => {
  const lanes = new Lanes(20);
  const lock = new Lock();
  const stuck = lanes.run("lane", [], lock.check);
  const next = lanes.run("lane", [], () => "next");
  expect(await codeOf(() => stuck)).toBe("TER_STORE_UNAVAILABLE");
  expect(await next).toBe("next");
  await lanes.idle();
});

test("an error comes from the catalogue, at once or later, and does not block the lane", async () => {
  const lanes = new Lanes();
  const lock = new Lock();
  expect(() =>
    lanes.run("lane", [], () => {
      throw new Error("odd");
    }),
  ).toThrow(TerrariumError);
  const waiting = lanes.run("lane", [], lock.check);
  const failing = codeOf(() =>
    lanes.run("lane", [], () => {
      throw new TerrariumError("TER_NO_MODULE", { id: "one" });
    }),
  );
  const after = lanes.run("lane", [], () => "after");
  lock.taken = false;
  await waiting;
  expect(await failing).toBe("TER_NO_MODULE");
  expect(await after).toBe("after");
});
