// Service workers: a tenant's really works on its own origin, and sees nothing of another tenant's or the
// studio's.
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { deployed, originOf, TENANT } from "./tenants.ts";

/**
 * Takes over at once, answers `/own.js` itself, remembers each address that it is asked for, and tells them.
 */
const WORKER = `
  const seen = [];
  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  addEventListener("message", ({ ports: [port] }) => port.postMessage(seen));
  addEventListener("fetch", (event) => {
    seen.push(event.request.url);
    if (event.request.url.endsWith("/own.js")) event.respondWith(new Response("of the worker"));
  });
`;

describeInBrowser("a tenant's service worker", (world) => {
  let context: BrowserContext;
  let [mine, other] = ["", ""];
  let page: Page;

  beforeAll(async () => {
    mine = originOf(
      world.platform,
      await deployed(world.platform, { ...TENANT, "assets/worker.js": WORKER }),
    );
    other = originOf(
      world.platform,
      await deployed(world.platform, { ...TENANT, "assets/worker.js": WORKER }),
    );
    context = await world.browser.newContext();
    page = await openedIn(mine);
  });

  async function openedIn(url: string): Promise<Page> {
    const opened = await context.newPage();
    await opened.goto(url);
    return opened;
  }

  const ownScript = (of: Page) => of.evaluate(async () => await (await fetch("/own.js")).text());
  const isControlled = (of: Page) => of.evaluate("navigator.serviceWorker.controller !== null");
  const registered = (of: Page, script: string, scope?: string) =>
    of.evaluate(
      `navigator.serviceWorker.register(${JSON.stringify(script)}, ` +
        `${JSON.stringify(scope === undefined ? {} : { scope })})` +
        ".then(({ scope }) => scope, ({ name }) => name)",
    );
  const seen = () =>
    page.evaluate(`new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      navigator.serviceWorker.controller.postMessage(null, [port2]);
    })`) as Promise<string[]>;

  test("answers for its own origin", async () => {
    const controlled = page.evaluate(
      "new Promise((resolve) => " +
        'navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }))',
    );
    expect(await registered(page, "/worker.js")).toBe(`${mine}/`);
    await controlled;
    expect(await ownScript(page)).toBe("of the worker");
    expect(await seen()).toEqual([`${mine}/own.js`]);
  });

  test("neither answers nor sees another tenant or the studio, side by side in one browser", async () => {
    const [beside, studio] = [await openedIn(other), await openedIn(world.platform.origin)];
    await studio.locator(".card").first().waitFor();
    expect([await isControlled(page), await isControlled(beside), await isControlled(studio)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await ownScript(beside)).toBe("globalThis.own = true");
    expect(await studio.evaluate(async () => (await fetch("/api/v1/limits")).status)).toBe(200);
    expect(new Set((await seen()).map((url) => new URL(url).origin))).toEqual(new Set([mine]));
    await Promise.all([beside.close(), studio.close()]);
  });

  test("does not see what a frame of another tenant asks for", async () => {
    await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.src = ${JSON.stringify(other)};
      frame.addEventListener("load", resolve, { once: true });
      document.body.append(frame);
    })`);
    const frame = page.frames().at(-1)!;
    expect(await frame.evaluate("own")).toBe(true);
    expect((await seen()).filter((url) => url.startsWith(other))).toEqual([]);
  });

  test("cannot be registered for another tenant or the studio, nor from a script of theirs", async () => {
    for (const origin of [other, world.platform.origin]) {
      expect([origin, await registered(page, "/worker.js", `${origin}/`)]).toEqual([origin, "SecurityError"]);
      expect([origin, await registered(page, `${origin}/worker.js`)]).toEqual([origin, "SecurityError"]);
    }
  });

  test("cannot come from the tenant's store, which the studio's own server gives out", async () => {
    const { hostname } = new URL(mine);
    const path = `/api/v1/deployments/${hostname.slice(0, hostname.indexOf("."))}/kv/worker.js`;
    expect((await world.platform.ask("", path, { method: "PUT", body: WORKER })).status).toBeLessThan(300);
    // Past the studio's own policy, which admits no workers at all.
    const { page: studio } = await world.openStudio({ bypassCSP: true });
    expect(await studio.evaluate(async (url) => await (await fetch(url)).text(), path)).toBe(WORKER);
    expect(await registered(studio, path)).toBe("SecurityError");
    await studio.context().close();
  });
});
