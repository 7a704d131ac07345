// Connecting to a process that is being replaced: until its successor listens, nobody does.
import { connect, type Socket } from "node:net";

const RETRY_AFTER_MS = 50;
/** System errors of connecting to a socket path where nobody listens. */
const NOBODY = new Set(["ECONNREFUSED", "ENOENT"]);

/**
 * A connection to the process behind a socket, tried again while nobody listens there. Null: nobody did in
 * time, or `isOver` said that nobody waits for it any more.
 */
export async function reach(
  socketPath: string,
  patienceMs: number,
  isOver: () => boolean,
): Promise<Socket | null> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const socket = await attempt(socketPath);
    if (socket !== null || isOver() || performance.now() > deadlineMs) return socket;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
  }
}

/** Null if nobody listens. With any other error the socket itself says so to whoever uses it. */
function attempt(socketPath: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (reached: Socket | null) => {
      socket.off("error", refused);
      resolve(reached);
    };
    const refused = ({ code = "" }: NodeJS.ErrnoException) => {
      socket.destroy();
      settle(NOBODY.has(code) ? null : socket);
    };
    socket.once("error", refused);
    socket.once("connect", () => settle(socket));
  });
}
