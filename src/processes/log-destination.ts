// Where logs go: standard error, in a way that neither blocks nor ends the process. A reader that stops, a
// pipe that breaks or a disk that fills costs lines, which are counted, and nothing else.
import pino, { type DestinationStream } from "pino";

/** Lines wait for a slow reader up to this size. */
const MAX_WAITING_BYTES = 1 << 20;

/** A destination for pino. */
export function logDestination(fd = 2): DestinationStream {
  const stream = pino.destination({ fd, sync: false, minLength: 0, maxLength: MAX_WAITING_BYTES });
  let dropped = 0;
  stream.on("error", () => (dropped += 1));
  stream.on("drop", () => (dropped += 1));
  stream.on("drain", () => {
    if (dropped === 0) return;
    const line = JSON.stringify({ level: 40, time: Date.now(), dropped, msg: "Log lines were dropped" });
    dropped = 0;
    stream.write(`${line}\n`);
  });
  process.on("exit", () => {
    try {
      stream.flushSync();
    } catch {
      // The reader is gone, or the stream never opened.
    }
  });
  return stream;
}
