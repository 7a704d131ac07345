// Where the API answers: names of this machine in both families, and further names that the operator gives.
import { afterAll, beforeAll, expect, test } from "vitest";
import { askLoopback } from "../http/ask.ts";
import { Platform, temporaryFolder, terrarium } from "./platform.ts";

const folder = temporaryFolder();
let platform: Platform;

beforeAll(async () => {
  platform = await Platform.start(folder.path, [
    "--api-host",
    "API.example.org",
    "--api-host",
    "api.example.net",
  ]);
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

const statusAt = async (host: string) =>
  (await askLoopback({ port: platform.ready.httpPort, path: "/api/v1/limits", headers: { host } })).status;

test.each([
  ["127.0.0.1", 200],
  ["127.0.0.1:9", 200],
  ["[::1]", 200],
  ["localhost", 200],
  ["api.example.org", 200],
  ["API.EXAMPLE.NET:8080", 200],
  ["example.org", 404],
  ["other.api.example.org", 404],
  ["10.0.0.1", 404],
])("at the host %s the API answers %i", async (host, status) => {
  expect(await statusAt(host)).toBe(status);
});

test("a browser at an address of this machine sees a page", async () => {
  const headers = { host: `127.0.0.1:${platform.ready.httpPort}`, accept: "text/html" };
  const page = await askLoopback({ port: platform.ready.httpPort, path: "/", headers });
  expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
});

test("the command reaches a server by its address", async () => {
  const server = `http://127.0.0.1:${platform.ready.httpPort}`;
  expect(await terrarium(["list", "--json", "--server", server])).toMatchObject({ code: 0, stdout: "[]\n" });
});

test("the command trusts the server's authority with --cacert, and nobody without it", async () => {
  const ca = `${folder.path}/tls/ca.pem`;
  const server = `https://localhost:${platform.ready.httpsPort}`;
  const trusting = await terrarium(["list", "--json", "--server", server, "--cacert", ca]);
  expect(trusting).toMatchObject({ code: 0, stdout: "[]\n" });
  expect((await terrarium(["list", "--server", server])).code).toBe(5);
});

test("a server that listens on IPv6 alone is reached by the URL that it prints", async () => {
  using other = temporaryFolder();
  await using six = await Platform.start(other.path, ["--listen", "[::1]:0", "--listen-tls", "[::1]:0"]);
  expect(await terrarium(["list", "--json", "--server", six.ready.url])).toMatchObject({
    code: 0,
    stdout: "[]\n",
  });
});

test("of two servers that start at once with one address, one serves and one says why not", async () => {
  using one = temporaryFolder();
  using two = temporaryFolder();
  // A port of a server that has just ended.
  const before = await Platform.start(one.path);
  const address = `127.0.0.1:${before.ready.httpPort}`;
  await before.stop();
  for (let round = 0; round < 3; round++) {
    const starts = await Promise.allSettled(
      [one, two].map(({ path }) => Platform.start(path, ["--listen", address])),
    );
    const serving = starts.flatMap((start) => (start.status === "fulfilled" ? start.value : []));
    const refused = starts.flatMap((start) => (start.status === "rejected" ? String(start.reason) : []));
    for (const server of serving) await server.stop();
    expect([serving.length, refused]).toEqual([1, [expect.stringContaining("another program uses it")]]);
  }
});
