import { expect, it } from "vitest";
import { freePort } from "../testing/free-port.ts";
import { openListeningSockets } from "./listening-sockets.ts";

// Until its edges listen, a server's sockets are only bound: whoever looks finds the port free, and can share
// it.
it.runIf(process.platform === "linux")(
  "an address belongs to one server from the moment that it starts",
  async () => {
    const config = { listen: { host: "127.0.0.1", port: await freePort() }, listenTls: null, edges: 2 };
    const first = await openListeningSockets(config, null, false);
    try {
      await expect(openListeningSockets(config, null, false)).rejects.toMatchObject({
        code: "TER_CANNOT_LISTEN",
      });
    } finally {
      first.close();
    }
    (await openListeningSockets(config, null, false)).close();
  },
);

it.runIf(process.platform === "linux")(
  "of many servers that start at once, one gets the address",
  async () => {
    const config = { listen: { host: "127.0.0.1", port: await freePort() }, listenTls: null, edges: 1 };
    const starts = Array.from({ length: 20 }, () => openListeningSockets(config, null, false));
    const opened = (await Promise.allSettled(starts)).flatMap((start) =>
      start.status === "fulfilled" ? start.value : [],
    );
    for (const sockets of opened) sockets.close();
    expect(opened).toHaveLength(1);
  },
);
