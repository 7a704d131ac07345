// The server's own log on stderr: JSON lines for programs, or one readable line per event for a terminal.
import { styleText } from "node:util";
import { pino, type Logger } from "pino";
import { logDestination } from "../../processes/log-destination.ts";
import type { Config } from "../../config/index.ts";

export type { Logger } from "pino";

const LEVELS: Readonly<Record<number, string>> = {
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};

/** A log at the configured level. */
export function createLog(level: Config["logLevel"], isTerminal: boolean): Logger {
  const options = { level, base: null } as const;
  if (!isTerminal) return pino(options, logDestination());
  // A terminal that goes away takes its lines with it, not the server.
  process.stderr.on("error", () => undefined);
  return pino(options, { write: (line: string) => void process.stderr.write(readable(line)) });
}

function readable(line: string): string {
  const { level, time, msg, err, ...details } = JSON.parse(line) as {
    level: number;
    time: number;
    msg?: string;
    err?: { stack?: string };
  };
  const clock = new Date(time).toTimeString().slice(0, 8);
  const name = LEVELS[level] ?? "info";
  const label = level >= 50 ? styleText("red", name) : level >= 40 ? styleText("yellow", name) : "";
  const rest = Object.entries(details).map(
    ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const stack = err?.stack === undefined ? "" : `\n${err.stack}`;
  return (
    `${styleText("dim", clock)} ` +
    `${label === "" ? "" : `${label} `}${msg ?? ""}${styleText("dim", rest.join(""))}${stack}\n`
  );
}
