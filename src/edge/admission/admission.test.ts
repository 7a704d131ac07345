import { isLoopback } from "../../config/address.ts";
import { describe, expect, test } from "vitest";
import { Admission, type Admitted } from "./admission.ts";

const SLOTS = 30;
const open = (isShared = true) => new Admission({ maxInFlight: SLOTS, isShared, maxHeldBytes: 0 });
const from = (clientAddress: string, depth = 0) => ({
  clientAddress,
  isLocal: isLoopback(clientAddress),
  depth,
  connection: { inFlight: 0 },
});

/** Asks until it is refused; answers how often it was not, and why it was. */
function fill(admission: Admission, clientAddress: string, isForApi = false): [number, string] {
  for (let taken = 0; ; taken++) {
    try {
      admission.enter(from(clientAddress), isForApi);
    } catch (error) {
      return [taken, (error as { code: string }).code];
    }
  }
}

describe("on a public server", () => {
  test("one source gets half, two a third each, and a lone small client always finds a slot", () => {
    const admission = open();
    expect(fill(admission, "192.0.2.1")).toEqual([SLOTS / 2, "TER_EDGE_SOURCE_BUSY"]);
    const [second] = fill(admission, "192.0.2.2");
    expect(second).toBeGreaterThan(SLOTS / 5);
    for (let client = 1; client <= 4; client++)
      expect(() => admission.enter(from(`198.51.100.${client}`), false)).not.toThrow();
  });

  test("addresses of one IPv6 network count as one source", () => {
    const admission = open();
    for (let host = 1; host <= SLOTS / 2; host++) admission.enter(from(`2001:db8::${host}`), false);
    expect(() => admission.enter(from("2001:db8::ffff"), false)).toThrow(
      expect.objectContaining({ code: "TER_EDGE_SOURCE_BUSY" }),
    );
    expect(() => admission.enter(from("2001:db8:0:1::1"), false)).not.toThrow();
  });

  test("slots come back, and with them the share", () => {
    const admission = open();
    const taken: [ReturnType<typeof from>, Admitted][] = [];
    for (let count = 0; count < SLOTS / 2; count++) {
      const asking = from("192.0.2.1");
      taken.push([asking, admission.enter(asking, false)]);
    }
    for (const [asking, admitted] of taken) admission.leave(asking, admitted);
    expect(fill(admission, "192.0.2.1")[0]).toBe(SLOTS / 2);
  });

  test("requests to the API have slots of their own, the last ones for the machine's own clients", () => {
    const admission = open();
    for (let client = 0; client < 200; client++) fill(admission, `192.0.2.${client}`);
    for (let client = 0; client < 200; client++) fill(admission, `192.0.2.${client}`, true);
    expect(fill(admission, "203.0.113.9", true)[0]).toBe(0);
    expect(fill(admission, "127.0.0.1", true)[0]).toBeGreaterThan(0);
  });

  test("one deployment gets two thirds", () => {
    const admission = open();
    let inFlight = 0;
    const ask = (client: number) => {
      admission.checkShareOf({ inFlight });
      admission.enter(from(`192.0.2.${client}`), false);
      inFlight++;
    };
    expect(() => {
      for (let client = 0; ; client++) ask(client);
    }).toThrow(expect.objectContaining({ code: "TER_EDGE_DEPLOYMENT_BUSY" }));
    expect(inFlight).toBeGreaterThanOrEqual((SLOTS * 2) / 3);
    expect(inFlight).toBeLessThan(SLOTS);
  });

  test("guests' requests are not counted as a source's", () => {
    const admission = open();
    for (let count = 0; count < SLOTS; count++) admission.enter(from("127.0.0.1", 1), false);
    expect(() => admission.enter(from("127.0.0.1", 1), false)).toThrow(
      expect.objectContaining({ code: "TER_EDGE_BUSY" }),
    );
  });
});

test("on one's own machine a client may have all slots", () => {
  expect(fill(open(false), "127.0.0.1")).toEqual([SLOTS, "TER_EDGE_BUSY"]);
});
