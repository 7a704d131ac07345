// HTTPS as clients see it: certificates by name, both protocols, clients without SNI, certificates of the
// operator.
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { connect, type ConnectionOptions } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { privateKeyPem } from "../../src/control/tls/authority.ts";
import * as x509 from "../../src/control/tls/x509.ts";
import { askHttp2, DOMAIN, echo, openHttp2, startTestEdge, type TestEdge } from "./edge-fixture.ts";

let test: TestEdge;

beforeAll(async () => {
  test = await startTestEdge();
  await test.deploy("echo", echo);
});
afterAll(() => test[Symbol.asyncDispose]());

async function handshake(
  options: ConnectionOptions,
): Promise<{ names: string; authorized: boolean; protocol: string | false | null }> {
  const socket = connect({
    host: "127.0.0.1",
    port: test.edge.httpsPort!,
    ca: test.ca,
    rejectUnauthorized: false,
    ...options,
  });
  await once(socket, "secureConnect");
  const names = new X509Certificate(socket.getPeerCertificate(true).raw).subjectAltName ?? "";
  const result = { names, authorized: socket.authorized, protocol: socket.alpnProtocol };
  socket.destroy();
  return result;
}

describe("HTTPS", () => {
  it("serves HTTP/1.1 and HTTP/2 to clients that trust the authority", async () => {
    const request = httpsRequest({
      host: "127.0.0.1",
      port: test.edge.httpsPort,
      servername: `echo.${DOMAIN}`,
      ca: test.ca,
      headers: { host: `echo.${DOMAIN}` },
      agent: false,
    }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    response.resume();
    expect([response.statusCode, response.httpVersion]).toEqual([200, "1.1"]);
    const session = openHttp2(test, "echo");
    expect((await askHttp2(session, {})).status).toBe(200);
    session.close();
  });

  it("shows each name a certificate of its own, before anything is deployed there", async () => {
    const shown = await handshake({
      servername: `not-yet-there.${DOMAIN}`,
      ALPNProtocols: ["h2", "http/1.1"],
    });
    expect(shown).toEqual({ names: `DNS:not-yet-there.${DOMAIN}`, authorized: true, protocol: "h2" });
    expect((await handshake({ servername: DOMAIN })).authorized).toBe(true);
  });

  it("shows clients without SNI, or with a foreign one, a certificate for its address", async () => {
    expect((await handshake({ servername: "" })).names).toBe(`DNS:${DOMAIN}, IP Address:127.0.0.1`);
    expect((await handshake({ servername: "example.org" })).names).toBe(
      `DNS:${DOMAIN}, IP Address:127.0.0.1`,
    );
  });

  it("refuses a malformed authority and differing host over HTTP/2", async () => {
    const session = openHttp2(test, "echo");
    for (const headers of [
      { ":authority": "a b" },
      { ":authority": "user@echo" },
      { ":authority": `echo.${DOMAIN}`, host: `other.${DOMAIN}` },
      { ":path": "nopath" },
    ]) {
      // Some of it Node's parser already resets.
      const outcome = await askHttp2(session, headers).then(
        ({ status }) => status,
        (error: Error) => error.message,
      );
      expect([400, "Stream closed with error code NGHTTP2_PROTOCOL_ERROR"]).toContain(outcome);
    }
    expect((await askHttp2(session, {})).status).toBe(200);
    session.close();
  });

  it("takes the operator's certificate for every name, and says so if it cannot be read", async () => {
    const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
      "verify",
    ]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: "CN=mine",
      keys,
      signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: `*.${DOMAIN}` }])],
    });
    const [cert, key] = [join(test.dir, "mine.pem"), join(test.dir, "mine.key")];
    writeFileSync(cert, certificate.toString("pem"));
    writeFileSync(key, await privateKeyPem(keys.privateKey));
    await using own = await startTestEdge({ config: { tls: { kind: "files", cert, key } } });
    for (const servername of [`a.${DOMAIN}`, ""])
      expect((await handshake({ servername, port: own.edge.httpsPort! })).names).toBe(`DNS:*.${DOMAIN}`);
    await expect(startTestEdge({ config: { tls: { kind: "files", cert: key, key } } })).rejects.toMatchObject(
      { code: "TER_CONFIG_INVALID" },
    );
  });

  it("is off if the configuration says so", async () => {
    await using plain = await startTestEdge({ config: { tls: { kind: "off" } } });
    expect(plain.edge.httpsPort).toBeNull();
  });

  it("lives on when clients break off or talk nonsense", async () => {
    for (const bytes of ["", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"]) {
      const socket = (await import("node:net")).connect(test.edge.httpsPort!, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.end(Buffer.from(bytes, "latin1"));
      socket.resume();
      await once(socket, "close");
    }
    expect((await handshake({ servername: DOMAIN })).authorized).toBe(true);
  });
});
