import { expect, test } from "vitest";
import { fromProblem, fromWire, TerrariumError, toProblem, toWire } from "./index.ts";

const ERROR = new TerrariumError("TER_TOO_MANY", { what: "builds", allowed: 3 });
const WIRE = {
  code: "TER_TOO_MANY",
  message: "Too many builds; the limit is 3",
  fix: "Try again later",
  details: { what: "builds", allowed: 3 },
};

/** A value after a round trip through JSON. */
function sent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

test("code, message, fix and details cross a border and come back", () => {
  expect(sent(toWire(ERROR))).toEqual(WIRE);
  expect(toWire(fromWire(sent(toWire(ERROR))))).toEqual(WIRE);
});

test("a message that another version filled stays as it is", () => {
  const error = fromWire({ ...WIRE, message: "Too many, said otherwise", fix: "Wait" });
  expect(error).toMatchObject({ code: "TER_TOO_MANY", message: "Too many, said otherwise", fix: "Wait" });
  expect(error.exitCode).toBe(4);
});

test("a code of another version is named, with its message and fix", () => {
  const error = fromWire({
    code: "TER_OF_TOMORROW",
    message: "Too warm",
    fix: "Cool it",
    details: { c: 90 },
  });
  expect(error.code).toBe("TER_UNKNOWN_CODE");
  expect(error.message).toBe("Too warm (`TER_OF_TOMORROW`, an error that this version does not know)");
  expect(error.fix).toBe("Cool it");
  expect(error.details).toMatchObject({ c: 90, code: "TER_OF_TOMORROW" });
});

test("a name that objects inherit is not a code", () => {
  expect(fromWire({ ...WIRE, code: "toString" }).code).toBe("TER_UNKNOWN_CODE");
});

test("anything else crosses as a bug in Terrarium", () => {
  expect(toWire(new RangeError("odd"))).toMatchObject({
    code: "TER_INTERNAL",
    message: "Terrarium failed: odd",
    fix: "This is a bug in Terrarium: report it with the server's log",
  });
});

test("problem details hold the same under the names of RFC 9457", () => {
  const problem = sent(toProblem(ERROR));
  expect(problem).toEqual({
    type: "urn:terrarium:error:TER_TOO_MANY",
    title: WIRE.message,
    status: 429,
    code: WIRE.code,
    fix: WIRE.fix,
    details: WIRE.details,
  });
  const back = fromProblem(problem);
  expect(back === undefined ? undefined : toWire(back)).toEqual(WIRE);
});

test.each([[null], ["text"], [[]], [{ title: "no code" }], [{ code: "TER_FULL" }]])(
  "%j is no problem of this API",
  (body) => {
    expect(fromProblem(body)).toBeUndefined();
  },
);
