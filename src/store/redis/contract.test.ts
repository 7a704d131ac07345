import { describeStore } from "../testing/store-contract.ts";
import { openRedisStore } from "./store.ts";
import { RedisServer } from "./testing/redis-server.ts";

const MAX_LOG_BYTES = 64 * 1024;

describeStore(
  "Redis",
  async () => {
    const server = await RedisServer.start();
    const { url } = server;
    return {
      location: { dataDir: "/nowhere", store: url },
      open: async ({ now }) => openRedisStore({ url, maxLogBytes: MAX_LOG_BYTES, now }),
      destroy: () => server.stop(),
    };
  },
  { maxLogBytes: MAX_LOG_BYTES },
);
