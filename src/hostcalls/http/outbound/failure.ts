// Why a guest's request failed, as text for the guest's log. The texts never contain an address or the text
// of a system error, which would tell a guest about the network behind the platform.

import { TerrariumError } from "../../../errors/index.ts";

/** A failed request; its message is for the log of the deployment. */
export class OutboundFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OutboundFailure";
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "the connection timed out",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is not that of the host",
  ERR_BUFFER_TOO_LARGE: "the decoded answer is too large",
};

/** Any error of sockets, TLS, HTTP or decoding as an OutboundFailure. */
export function toFailure(error: unknown): OutboundFailure {
  if (error instanceof OutboundFailure) return error;
  if (error instanceof TerrariumError) return new OutboundFailure(error.message);
  const code = codeOf(error);
  return new OutboundFailure(MESSAGES[code] ?? describe(code));
}

function describe(code: string): string {
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code)) return `the certificate is not trusted (${code})`;
  if (code.startsWith("ERR_SSL") || code === "EPROTO") return "the TLS handshake failed";
  if (/^Z(STD)?_/.test(code) || code.startsWith("ERR_BROTLI") || code.startsWith("ERR__ERROR_FORMAT"))
    return "the answer cannot be decoded";
  return `the request failed${/^\w+$/.test(code) ? ` (${code})` : ""}`;
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return typeof code === "string" ? code : codeOf(cause);
}
