// The proxies of docs/guides/behind-a-proxy.md, with the configurations that stand there.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../src/control/testing/free-port.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../../src/hostcalls/testing/certificates.ts";
import { Platform, temporaryFolder } from "./platform.ts";
import { archiveOf, type Sources } from "./programs.ts";

const GUIDE = readFileSync(join(import.meta.dirname, "../../docs/guides/behind-a-proxy.md"), "utf8");
const DOMAIN = "edge.example.com";
/** An address of this machine that no proxy has. */
const CLIENT = "127.0.0.77";

/** Answers with the client's address as the platform knows it. */
const WHO: Sources = {
  "src/main.c": `#include "http_hostcalls.h"
    #include <stdlib.h>
    void run(void) {
      struct string_slice *values; size_t count;
      hostcall_init_mm(malloc, free);
      hostcall_req_get_header(&values, &count, REQUEST_INCOMING, "fastly-client-ip", 16);
      if (count > 0) hostcall_resp_set_body(RESPONSE_OUTGOING, values[0].ptr, values[0].len);
    }`,
};

interface Kind {
  readonly name: string;
  readonly program: string;
  readonly guide: string;
  /** What the platform listens with. */
  readonly serve: readonly string[];
  /** Around the guide's text: what makes a whole configuration of a part. */
  readonly whole: (part: string, folder: string) => string;
  readonly args: (file: string, folder: string) => readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    name: "nginx",
    program: "nginx",
    guide: "nginx",
    serve: [],
    whole: (part, folder) =>
      `daemon off; pid ${folder}/nginx.pid; error_log stderr; events {} http { access_log off;\n` +
      ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
        .join(" ") +
      `\n${part} }`,
    args: (file, folder) => ["-p", folder, "-c", file],
  },
  {
    name: "haproxy",
    program: "haproxy",
    guide: "haproxy",
    serve: [],
    whole: (part) => `defaults\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n${part}`,
    args: (file) => ["-db", "-f", file],
  },
  {
    name: "Caddy",
    program: "caddy",
    guide: "caddy",
    serve: [],
    whole: (part) => `{\n  admin off\n  auto_https off\n}\n${part}`,
    args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
  },
  {
    name: "haproxy that forwards connections",
    program: "haproxy",
    guide: "haproxy-connections",
    serve: ["--proxy-protocol"],
    whole: (part) => `defaults\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n${part}`,
    args: (file) => ["-db", "-f", file],
  },
];

const isThere = ({ program }: Kind) => spawnSync("which", [program]).status === 0;
for (const kind of KINDS)
  if (!isThere(kind) && process.env["CI"] === undefined)
    process.stderr.write(`SKIPPED: no ${kind.program} here (apt-get install ${kind.program})\n`);

const isTested = (kind: Kind) => isThere(kind) || process.env["CI"] !== undefined;

describe.each(KINDS.filter(isTested))("behind $name", (kind) => {
  const folder = temporaryFolder();
  let platform: Platform;
  let proxy: ChildProcess;
  let port: number;
  let id: string;

  beforeAll(async () => {
    port = await freePort();
    const { cert, key } = await (await createAuthority()).issue(`*.${DOMAIN}`);
    const pem = join(folder.path, "edge.pem");
    writeFileSync(pem, `${cert}\n${key}\n`);
    const publicUrl = `https://${DOMAIN}:${port}`;
    const files = kind.serve.includes("--proxy-protocol")
      ? ["--tls", "files", "--cert", pem, "--key", pem]
      : [];
    const args = [...kind.serve, ...files, "--trust-proxy", "127.0.0.1", "--public-url", publicUrl];
    platform = await Platform.start(join(folder.path, "data"), args);
    const { httpPort, httpsPort } = platform.ready;
    const part = blockOf(kind.guide)
      .replaceAll(/\/etc\/\w+\/edge\.pem/g, pem)
      .replaceAll(":8080", `:${httpPort}`)
      .replaceAll(":8443", `:${httpsPort}`)
      .replace("listen 443", `listen ${port}`)
      .replace("bind :443", `bind :${port}`)
      .replace(`${DOMAIN}, *.${DOMAIN}`, `https://${DOMAIN}:${port}, https://*.${DOMAIN}:${port}`);
    const file = join(folder.path, "proxy.conf");
    writeFileSync(file, kind.whole(part, folder.path));
    proxy = spawn(kind.program, kind.args(file, folder.path), {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, HOME: folder.path },
    });
    let said = "";
    proxy.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
    const answers = () =>
      ask("", "/api/v1/server").then(
        ({ status }) => status === 200,
        () => false,
      );
    const patience = AbortSignal.timeout(20_000);
    while (!(await answers())) {
      if (patience.aborted) throw new Error(`${kind.program} does not answer: ${said}`);
      await sleep(100);
    }
    const deployed = await ask("", "/api/v1/deployments", {
      method: "POST",
      headers: { "content-type": "application/gzip" },
      body: archiveOf(WHO),
    });
    expect(deployed.status, deployed.text).toBe(201);
    const last = JSON.parse(deployed.text.trim().split("\n").at(-1) ?? "") as {
      deployment: { id: string; url: string };
    };
    id = last.deployment.id;
    expect(last.deployment.url).toBe(`https://${id}.${DOMAIN}:${port}/`);
  }, 120_000);
  afterAll(async () => {
    proxy.kill("SIGKILL");
    await platform.stop();
    folder[Symbol.dispose]();
  });

  interface Asked {
    readonly status: number;
    readonly text: string;
    readonly headers: IncomingHttpHeaders;
  }
  interface Options {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  }

  /** Through the proxy, from an address that is not the proxy's. */
  function ask(label: string, path: string, { method = "GET", headers, body }: Options = {}): Promise<Asked> {
    const name = label === "" ? DOMAIN : `${label}.${DOMAIN}`;
    return new Promise((resolve, reject) => {
      const request = httpsRequest({
        host: "127.0.0.1",
        localAddress: CLIENT,
        port,
        path,
        method,
        servername: name,
        rejectUnauthorized: false,
        agent: false,
        headers: { host: `${name}:${port}`, ...headers },
      });
      request.on("error", reject).on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        );
      });
      request.end(body);
    });
  }

  test("programs see the client's address", async () => {
    expect((await ask(id, "/")).text).toBe(CLIENT);
  });

  test("nobody can choose his address, or another's name", async () => {
    for (const headers of [
      { "x-forwarded-for": "192.0.2.1" },
      { "x-forwarded-for": "127.0.0.1" },
      { "x-forwarded-host": DOMAIN },
      { forwarded: `for=192.0.2.1;host=${DOMAIN}` },
    ] as const)
      expect((await ask(id, "/", { headers })).text, JSON.stringify(headers)).toBe(CLIENT);
  });

  test("visitors are not operators, and get no timing", async () => {
    expect((await ask("", "/api/v1/deployments")).status).toBe(401);
    const { headers } = await ask(id, "/", { headers: { "x-terrarium-timing": "1" } });
    expect(headers["server-timing"]).toBeUndefined();
  });

  test("a WebSocket is refused as text", async () => {
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
    };
    const { status, text } = await ask(id, "/", { headers });
    expect([status, text]).toEqual([501, expect.stringContaining("WebSocket")]);
  });

  test("a reload fails no request", async () => {
    const statuses = new Set<number>();
    const over = new AbortController();
    const clients = Array.from({ length: 4 }, async () => {
      while (!over.signal.aborted) statuses.add((await ask(id, "/")).status);
    });
    const starts = platform.starts;
    const token = readFileSync(join(folder.path, "data", "operator-token"), "utf8").trim();
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask("", "/api/v1/server/reload", { method: "POST", headers })).status).toBe(202);
    await platform.readyLine(starts + 1);
    over.abort();
    await Promise.all(clients);
    expect([...statuses]).toEqual([200]);
  });

  test("without the proxy there is no way around its word", async () => {
    if (kind.serve.includes("--proxy-protocol")) {
      await expect(direct({ "x-forwarded-for": "192.0.2.1" }, CLIENT)).rejects.toThrow();
      expect(await raw(CLIENT)).toBe("");
      expect(await raw("127.0.0.1")).toContain("192.0.2.1");
    } else {
      // An address that is not trusted: its headers say nothing.
      expect(await direct({ "x-forwarded-for": "192.0.2.1" }, CLIENT)).toBe(CLIENT);
    }
  });

  /** What comes for a request after a preamble that names another client. */
  async function raw(localAddress: string): Promise<string> {
    const socket = connect({ host: "127.0.0.1", port: platform.ready.httpPort, localAddress });
    let text = "";
    socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    socket.on("error", () => undefined);
    socket.write("PROXY TCP4 192.0.2.1 127.0.0.1 4711 80\r\n");
    socket.write(`GET / HTTP/1.1\r\nhost: ${id}.${DOMAIN}\r\nconnection: close\r\n\r\n`);
    await new Promise((resolve) => socket.once("close", resolve));
    return text;
  }

  /** A request past the proxy. */
  function direct(headers: Readonly<Record<string, string>>, localAddress: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        localAddress,
        port: platform.ready.httpPort,
        agent: false,
        headers: { host: `${id}.${DOMAIN}`, ...headers },
      } as const;
      const request = httpRequest(options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        response.on("end", () => resolve(text));
      });
      request.on("error", reject).end();
    });
  }
});

function blockOf(name: string): string {
  const block = new RegExp(`<!-- proxy: ${name} -->\\n\\n\`\`\`\\w+\\n([^]*?)^\`\`\``, "m").exec(GUIDE);
  if (block?.[1] === undefined) throw new Error(`the guide has no configuration for ${name}`);
  return block[1];
}
