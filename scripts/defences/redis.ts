// Defences of the Redis store: what it refuses, and what holds although no transaction covers two slots.
import type { Defence } from "./types.ts";

const REDIS = "src/store/redis";
const CONTRACT = `${REDIS}/contract.test.ts`;
const OUTAGE = `${REDIS}/outage.test.ts`;
const START = `${REDIS}/start-checks.test.ts`;

/** All defences of the Redis store. */
export const REDIS_DEFENCES: readonly Defence[] = [
  {
    name: "A Redis server that evicts keys is refused",
    file: `${REDIS}/start-checks.ts`,
    test: START,
    present: 'if (policy !== "noeviction")',
    removed: 'if (policy === "")',
  },
  {
    name: "A Redis replica is refused",
    file: `${REDIS}/start-checks.ts`,
    test: START,
    present: 'if (info["role"] !== "master")',
    removed: 'if (info["role"] === "")',
  },
  {
    name: "A Redis store of a later format is refused",
    file: `${REDIS}/start-checks.ts`,
    test: START,
    present: "if (found > FORMAT_VERSION)",
    removed: "if (found < 0)",
  },
  {
    name: "A Redis server that does not answer is an error after the deadline",
    file: `${REDIS}/connection.ts`,
    test: OUTAGE,
    present: "return Promise.race([answer, deadline.promise])",
    removed: "deadline.promise.catch(() => undefined); return answer",
    endless: true,
  },
  {
    name: "A sweep of Redis spares what was promised a longer life",
    file: `${REDIS}/scripts.ts`,
    test: OUTAGE,
    present: "if ARGV[2] == '1' and lived then",
    removed: "if false then",
  },
  {
    name: "A removal from Redis that was cut short is finished by a sweep",
    file: `${REDIS}/deployments.ts`,
    test: OUTAGE,
    present: "else await this.#finish(id);",
    removed: "",
  },
  {
    name: "Redis scripts refuse what has expired",
    file: `${REDIS}/scripts.ts`,
    test: CONTRACT,
    present: "return expires and (expires == '' or tonumber(expires) > tonumber(ARGV[1]))",
    removed: "return expires",
  },
  {
    name: "Compare-and-set in Redis compares before it writes",
    file: `${REDIS}/scripts.ts`,
    test: CONTRACT,
    present: "if kind == 'compareAndSet' and old ~= ARGV[8] then",
    removed: "if kind == 'compareAndSet' and not old then",
  },
];
