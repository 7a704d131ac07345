// When a deployment is reachable: not before its artifact, not after its end; and how an edge ends.
import { connect, createConnection } from "node:net";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ask, askHttp2, DOMAIN, echo, openHttp2, respond, sendRaw, startTestEdge } from "./edge-fixture.ts";
import type { DeploymentId } from "../../src/store/types.ts";

const T0 = 1_800_000_000_000;

describe("names that lead nowhere", () => {
  it("get a 404 that says so, as text or, for browsers, as a page", async () => {
    await using test = await startTestEdge();
    const text = await ask(test, "nobody-lives-here-now");
    expect([text.status, text.headers["x-terrarium-error"], text.headers["content-type"]]).toEqual([
      404,
      "TER_EDGE_UNKNOWN_HOST",
      "text/plain; charset=utf-8",
    ]);
    expect(text.text).toBe(
      `Nothing is deployed at "nobody-lives-here-now.${DOMAIN}". Deployments live for a limited ` +
        "time: deploy again, or check the name\n",
    );
    const page = await ask(test, "nobody", "/", { headers: { accept: "text/html,*/*" } });
    expect([page.status, page.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
    expect(page.text).toContain("Nothing is deployed");
    for (const host of [
      "example.org",
      "10.0.0.1",
      "[2001:db8::1]",
      `a.b.${DOMAIN}`,
      `-a.${DOMAIN}`,
      `x${DOMAIN}`,
      `.${DOMAIN}`,
      `__proto__.${DOMAIN}`,
      `a_b.${DOMAIN}`,
    ]) {
      expect([host, (await ask(test, "", "/", { headers: { host } })).status]).toEqual([host, 404]);
    }
    expect(test.edge.stats().deployments).toBe(0);
  });

  it("lead somewhere in any letter case, with any port and a final dot", async () => {
    await using test = await startTestEdge();
    await test.deploy("here", () => respond(200, "yes"));
    for (const host of [
      `HERE.${DOMAIN}`,
      `here.${DOMAIN}:1`,
      `here.${DOMAIN}.`,
      `here.${DOMAIN.toUpperCase()}.:8080`,
    ]) {
      expect((await ask(test, "", "/", { headers: { host } })).text).toBe("yes");
    }
  });

  it("are looked up anew each time", async () => {
    await using test = await startTestEdge();
    expect((await ask(test, "later")).status).toBe(404);
    await test.deploy("later", () => respond(200, "now"));
    expect((await ask(test, "later")).text).toBe("now");
  });
});

describe("the end of a deployment", () => {
  it("comes when its time is over, by the clock alone, for program, assets and health check", async () => {
    let now = T0;
    await using test = await startTestEdge({ edge: { clock: { now: () => now, preciseNow: () => now } } });
    await test.deploy("brief", echo, { expiresAtMs: T0 + 1000, assets: { "/a.txt": "asset" } });
    const statuses = async () =>
      Promise.all(["/", "/a.txt", "/__health"].map(async (path) => (await ask(test, "brief", path)).status));
    expect(await statuses()).toEqual([200, 200, 200]);
    now = T0 + 999;
    expect(await statuses()).toEqual([200, 200, 200]);
    now = T0 + 1000;
    expect(await statuses()).toEqual([404, 404, 404]);
    expect(test.edge.stats().deployments).toBe(0);
  });

  it("comes later if its life was extended, and sooner if it was shortened", async () => {
    let now = T0;
    await using test = await startTestEdge({ edge: { clock: { now: () => now, preciseNow: () => now } } });
    const id = await test.deploy("changed", echo, { expiresAtMs: T0 + 1000 });
    expect((await ask(test, "changed")).status).toBe(200);
    await test.store.deployments.update(id, { expiresAtMs: T0 + 5000 });
    now = T0 + 1500;
    expect((await ask(test, "changed")).status).toBe(200);
    await test.store.deployments.update(id, { expiresAtMs: T0 + 1600 });
    now = T0 + 2100;
    expect((await ask(test, "changed")).status).toBe(404);
  });

  it("comes within a second of a removal, even if nobody announces it", async () => {
    let now = T0;
    await using test = await startTestEdge({ edge: { clock: { now: () => now, preciseNow: () => now } } });
    const id = await test.deploy("removed", echo);
    expect((await ask(test, "removed")).status).toBe(200);
    await test.store.deployments.remove(id);
    now = T0 + 900;
    expect((await ask(test, "removed")).status).toBe(404);
  });

  it("comes at once if the supervisor says so", async () => {
    await using test = await startTestEdge();
    const id = await test.deploy("told", echo);
    expect((await ask(test, "told")).status).toBe(200);
    await test.store.deployments.remove(id);
    test.edge.forget(id);
    expect((await ask(test, "told")).status).toBe(404);
  });

  it("lets a run under way finish, and frees the program then", async () => {
    let disposed = 0;
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const answerLate = async () => {
      started.resolve();
      await gate.promise;
      return respond(200, "finished");
    };
    const programs = () => ({
      load: () => Promise.resolve({ respond: answerLate, dispose: () => void disposed++ }),
      close: () => Promise.resolve(),
    });
    await using test = await startTestEdge({ edge: { programs } });
    const id = await test.deploy("running", echo);
    const answer = ask(test, "running");
    await started.promise;
    test.edge.forget(id);
    expect(disposed).toBe(0);
    gate.resolve();
    expect((await answer).text).toBe("finished");
    expect(disposed).toBe(1);
  });

  it("is not the end of a name that failed to load: the next request tries again", async () => {
    let attempts = 0;
    const responder = { respond: () => Promise.resolve(respond(200, "loaded")), dispose: () => undefined };
    const load = () => (++attempts === 1 ? Promise.reject(new Error("not yet")) : Promise.resolve(responder));
    await using test = await startTestEdge({
      edge: { programs: () => ({ load, close: () => Promise.resolve() }) },
    });
    const id = await test.deploy("flaky", echo);
    expect((await ask(test, "flaky", "/__health")).status).toBe(500);
    await expect(test.edge.load(id)).resolves.toBeUndefined();
    expect((await ask(test, "flaky")).text).toBe("loaded");
    await expect(test.edge.load("missing" as DeploymentId)).rejects.toMatchObject({ code: "TER_NOT_FOUND" });
  });
});

describe("draining", () => {
  it("finishes what is under way, on every protocol, and takes nothing new", async () => {
    await using test = await startTestEdge();
    const gate = Promise.withResolvers<void>();
    let started = 0;
    await test.deploy("slow", async (_request, context) => {
      started++;
      context.log("debug", "a line");
      await gate.promise;
      return respond(200, "done");
    });
    const session = openHttp2(test, "slow");
    const answers = [
      ask(test, "slow", "/", { headers: { connection: "keep-alive" } }),
      askHttp2(session, {}),
    ];
    await expect.poll(() => started).toBe(2);
    const idle = connect(test.edge.httpPort, "127.0.0.1");
    await once(idle, "connect");
    const drained = test.edge.drain(10_000, 0);
    const refused = createConnection(test.edge.httpPort, "127.0.0.1");
    await expect(once(refused, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    gate.resolve();
    const [first, second] = await Promise.all(answers);
    expect([first!.text, first!.headers.connection, second!.text]).toEqual(["done", "close", "done"]);
    await drained;
    expect(await test.store.logs.read("slow" as DeploymentId, { limit: 9 })).toHaveLength(2);
    idle.destroy();
  });

  it("cuts off what does not end within the grace period", async () => {
    await using test = await startTestEdge();
    const started = Promise.withResolvers<void>();
    await test.deploy("stuck", () => {
      started.resolve();
      return new Promise(() => undefined);
    });
    const answer = sendRaw(test.edge.httpPort, `GET / HTTP/1.1\r\nHost: stuck.${DOMAIN}\r\n\r\n`);
    await started.promise;
    await test.edge.drain(50, 0);
    expect(await answer).toBe("");
    expect(existsSync(test.peerSocket)).toBe(false);
  });
});
