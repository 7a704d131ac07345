// Formats DNS queries and answers for the trace of a run.
import { formatIpAddress } from "../http/outbound/address.ts";
import { type Message, readMessage, type ResourceRecord, TYPE } from "./message.ts";

const MAX_SHOWN = 4;
const TYPE_NAMES = new Map<number, string>(
  Object.entries(TYPE).map(([name, type]) => [type, name.toUpperCase()]),
);
/** RFC 1035 section 4.1.1. */
const CODES = ["", "format error", "server failure", "no such name", "not implemented", "refused"];

/** `203.0.113.7, 203.0.113.8`; long lists end in their number. */
export function addressesText(addresses: readonly Uint8Array[]): string {
  return listed(addresses.map(formatIpAddress));
}

/** `example.com A`, of a query or an answer. */
export function questionText(bytes: Uint8Array): string {
  return orSize(bytes, ({ questions: [question] }) =>
    question === undefined ? "no question" : `${question.name || "."} ${typeName(question.type)}`,
  );
}

/** `example.com A: 203.0.113.7`. */
export function messageText(bytes: Uint8Array): string {
  return `${questionText(bytes)}: ${orSize(bytes, ({ code, answers }) => {
    if (code !== 0) return CODES[code] ?? `code ${code}`;
    return answers.length === 0 ? "no records" : listed(answers.map(recordText));
  })}`;
}

function recordText({ type, data, target }: ResourceRecord): string {
  if (type === TYPE.a || type === TYPE.aaaa) return formatIpAddress(data);
  return target === null ? `${typeName(type)} of ${data.length} bytes` : `${typeName(type)} ${target}`;
}

function typeName(type: number): string {
  return TYPE_NAMES.get(type) ?? `type ${type}`;
}

function listed(texts: readonly string[]): string {
  const rest = texts.length - MAX_SHOWN;
  return [...texts.slice(0, MAX_SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

/** Neither guests nor servers necessarily send valid messages. */
function orSize(bytes: Uint8Array, say: (message: Message) => string): string {
  try {
    return say(readMessage(bytes));
  } catch {
    return `${bytes.length} bytes`;
  }
}
