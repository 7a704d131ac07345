// The bytes of a request, as one message of HTTP/1.1. Whatever reaches this point is checked once more:
// nothing that a guest passes can end a line, name another host in the request line or frame the body.
import type { OutboundRequest } from "../../types.ts";
import { isFieldValue, isFraming, isToken } from "../field-rules.ts";
import { OutboundFailure } from "./failure.ts";

const TARGET = /^[\x21-\x7e]+$/;
/** Methods that are sent with a length even if there is no body (RFC 9110 section 8.6). */
const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

/** Head and body. Throws OutboundFailure if a part may not stand in a request. */
export function requestBytes({ method, url, headers, body }: OutboundRequest): Buffer {
  const target = url.pathname + url.search;
  const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? url.host;
  const fields: [string, string][] = [
    ["host", host],
    ["connection", "close"],
  ];
  for (const [name, value] of headers)
    if (name.toLowerCase() !== "host" && !isFraming(name.toLowerCase())) fields.push([name, value]);
  if (body.length > 0 || WITH_BODY.has(method)) fields.push(["content-length", String(body.length)]);
  const valid =
    isToken(method) &&
    TARGET.test(target) &&
    fields.every(([name, value]) => isToken(name) && isFieldValue(value));
  if (!valid) throw new OutboundFailure("the request is not valid HTTP");
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${head}\r\n`, "latin1"), body]);
}
