// Registration and login, as the template's own page does them: the module that the deployment publishes runs
// here.
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { HttpAnswer } from "../http/ask.ts";
import { platformForTests, templateFolder } from "./platform.ts";

const NAME = "ada";
const PASSWORD = "correct horse battery staple";

/** Calls an export of the client part with one value a line. */
type Client = (call: "client_register" | "client_login", ...fields: readonly string[]) => string;

const platform = platformForTests();
let id = "";
let client: Client;
beforeAll(async () => {
  ({ id } = await platform().deploy(templateFolder("access-control")));
  const published = await platform().ask(id, "/program.wasm");
  expect([published.status, published.headers["content-type"]]).toEqual([200, "application/wasm"]);
  client = loadClient(published.body);
});

/** As the page does: random numbers are all that the client part is given. */
function loadClient(wasm: Uint8Array): Client {
  const module = new WebAssembly.Module(Uint8Array.from(wasm));
  const imports: WebAssembly.ImportObject = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => 0;
  imports["env"]!["hostcall_rng_next_u64"] = () => randomBytes(8).readBigInt64LE();
  const { exports } = new WebAssembly.Instance(module, imports);
  const bytesAt = (address: number, length: number) =>
    Buffer.from(exports["memory"]!.buffer, address, length);
  return (call, ...fields) => {
    const input = Buffer.from(fields.join("\n"));
    bytesAt(exports["client_input"]!(input.length), input.length).set(input);
    const length: number = exports[call]!();
    return bytesAt(exports["client_output"]!(), length).toString();
  };
}

const post = (call: string, body = "", cookie = ""): Promise<HttpAnswer> =>
  platform().ask(id, `/api/${call}`, { method: "POST", body, headers: cookie === "" ? {} : { cookie } });
const me = (cookie: string) => platform().ask(id, "/api/me", { headers: { cookie } });

async function challenge(name: string): Promise<[salt: string, nonce: string]> {
  const { status, text } = await post("challenge", name);
  expect(status).toBe(200);
  return text.split("\n") as [string, string];
}

async function logIn(name: string, password: string): Promise<HttpAnswer> {
  return post("login", client("client_login", name, password, ...(await challenge(name))));
}

const cookieOf = (answer: HttpAnswer): string => answer.headers["set-cookie"]![0]!.split(";")[0]!;

/** Every key and value of the deployment's store. */
async function storeContents(): Promise<{ readonly keys: readonly string[]; readonly all: Buffer }> {
  const { keys } = await platform().api<{ keys: { key: string }[] }>(
    `/api/v1/deployments/${id}/kv?limit=1000`,
  );
  const values = await Promise.all(
    keys.map(
      async ({ key }) =>
        (await platform().ask("", `/api/v1/deployments/${id}/kv/${key}?encoding=base64url`)).body,
    ),
  );
  const names = keys.map(({ key }) => Buffer.from(key, "base64url"));
  return { keys: names.map(String), all: Buffer.concat([...names, ...values]) };
}

describe("the access-control template", () => {
  it("serves the page that does all this in a browser", async () => {
    const page = await platform().ask(id, "/");
    expect([page.status, page.headers["content-type"]]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect((await platform().ask(id, "/app.js")).headers["content-type"]).toMatch(/javascript/);
  });

  it("registers a name once", async () => {
    expect((await post("register", client("client_register", NAME, PASSWORD))).status).toBe(201);
    expect((await post("register", client("client_register", NAME, "another password"))).status).toBe(409);
  });

  it("logs in with the registered password, and knows the session until logout", async () => {
    const answer = await logIn(NAME, PASSWORD);
    expect([answer.status, answer.headers["set-cookie"]]).toEqual([
      204,
      [expect.stringMatching(/^session=[0-9a-f]{64}; path=\/; httponly; samesite=strict$/)],
    ]);
    const cookie = cookieOf(answer);
    const known = await me(cookie);
    expect([known.status, known.text]).toEqual([200, NAME]);
    expect((await me(`other=1; ${cookie}`)).status).toBe(200);
    const out = await post("logout", "", cookie);
    expect([out.status, out.headers["set-cookie"]]).toEqual([204, ["session=; path=/; max-age=0"]]);
    expect((await me(cookie)).status).toBe(401);
  });

  it("has one session of a name: logging in ends the one before", async () => {
    const [first, second] = [cookieOf(await logIn(NAME, PASSWORD)), cookieOf(await logIn(NAME, PASSWORD))];
    expect([(await me(first)).status, (await me(second)).status]).toEqual([401, 200]);
  });

  it("turns away a wrong password, and a name that does not exist", async () => {
    for (const [name, password] of [
      [NAME, "wrong"],
      ["nobody", PASSWORD],
    ] as const) {
      const answer = await logIn(name, password);
      expect([answer.status, answer.headers["set-cookie"]]).toEqual([401, undefined]);
    }
  });

  it("turns away a proof that is sent again, made for another nonce, or for another name", async () => {
    const [salt, nonce] = await challenge(NAME);
    const proof = client("client_login", NAME, PASSWORD, salt, nonce);
    expect((await post("login", proof)).status).toBe(204);
    expect((await post("login", proof)).status).toBe(401);
    const [, other] = await challenge(NAME);
    expect((await post("login", proof.replace(nonce, other))).status).toBe(401);
    const [, ofNobody] = await challenge("nobody");
    expect((await post("login", client("client_login", NAME, PASSWORD, salt, ofNobody))).status).toBe(401);
  });

  it("logs in one of several requests that send the same proof at once", async () => {
    const proof = client("client_login", NAME, PASSWORD, ...(await challenge(NAME)));
    const answers = await Promise.all(Array.from({ length: 4 }, () => post("login", proof)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401]);
  });

  it("gives an unknown name a salt that stays the same, so that asking does not tell names", async () => {
    const [first] = await challenge("somebody");
    const [second] = await challenge("somebody");
    const [real] = await challenge(NAME);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
    expect((await challenge("somebody else"))[0]).not.toBe(first);
    expect(real).toHaveLength(first.length);
  });

  it.each([
    ["register", "one line"],
    ["register", "name\nsalt\nkey"],
    ["register", `${NAME}2\n${"0".repeat(32)}\n${"0".repeat(512)}`],
    ["register", `${"n".repeat(65)}\n${"0".repeat(32)}\n${"1".repeat(512)}`],
    ["challenge", ""],
    ["challenge", "two\nlines"],
    ["login", NAME],
    ["login", `${NAME}\nxyz\n00\n00`],
  ])("refuses a body that makes no sense: %s %j", async (call, body) =>
    expect((await post(call, body)).status).toBe(400),
  );

  it("does not log in a key or commitment that proves nothing", async () => {
    const element = (last: string) => last.padStart(512, "0");
    const [, nonce] = await challenge(NAME);
    expect((await post("login", [NAME, nonce, element("1"), "0".repeat(160)].join("\n"))).status).toBe(401);
  });

  it("answers 404 elsewhere and 401 without a session", async () => {
    expect((await platform().ask(id, "/api/nothing")).status).toBe(404);
    expect((await platform().ask(id, "/api/me")).status).toBe(401);
    expect((await me(`session=${"0".repeat(64)}`)).status).toBe(401);
  });

  it("forgets the oldest nonces of those who ask and never log in", async () => {
    // Of 1024 slots, so many requests hit some thirty twice.
    for (let count = 0; count < 300; count++) await challenge(`visitor ${count}`);
    const { keys } = await storeContents();
    const count = (prefix: string) => keys.filter((key) => key.startsWith(prefix)).length;
    expect(count("nonce ")).toBeGreaterThan(100);
    expect(count("nonce ")).toBeLessThanOrEqual(count("slot "));
  });

  it("keeps neither the password nor a session's token in the store", async () => {
    const cookie = cookieOf(await logIn(NAME, PASSWORD));
    const { keys, all } = await storeContents();
    expect(keys).toContain(`user ${NAME}`);
    const token = cookie.replace("session=", "");
    for (const secret of [PASSWORD, Buffer.from(PASSWORD).toString("hex"), token])
      expect(all.includes(secret)).toBe(false);
    expect(all.includes(Buffer.from(token, "hex"))).toBe(false);
  });
});
