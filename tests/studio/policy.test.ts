// The studio's policy for its own page: should a tenant's bytes ever get into it, they do not run there,
// bring nothing in and carry nothing out.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { deployed, Elsewhere, openPage, originOf, TENANT } from "./tenants.ts";

const SCRIPT = "globalThis.ran = true";

describeInBrowser("the studio's page", (world) => {
  let elsewhere: Elsewhere;
  let id: string;
  let page: Page;

  beforeAll(async () => {
    elsewhere = await Elsewhere.start();
    id = await deployed(world.platform, TENANT);
    for (const key of ["script.js", "page.html"]) {
      const body = key.endsWith(".js") ? SCRIPT : `<title>of a tenant</title><p>${key}</p>`;
      await world.platform.ask("", `/api/v1/deployments/${id}/kv/${key}`, { method: "PUT", body });
    }
  });
  beforeEach(async () => {
    await page?.context().close();
    page = await openPage(world.browser, world.platform.origin);
    await page.locator(".card").first().waitFor();
  });
  afterAll(async () => {
    await elsewhere.stop();
  });

  /**
   * What comes of code in the page that calls `done` when it got its way: that word, or the directive that
   * refused it.
   */
  const outcome = (code: string): Promise<string> => {
    const inPage = page.evaluate(`new Promise((done) => {
      const report = ({ effectiveDirective }) => done(effectiveDirective);
      addEventListener("securitypolicyviolation", report, { once: true });
      ${code}
    })`) as Promise<string>;
    return Promise.race([
      inPage.catch(() => "left the page"),
      elsewhere.asked().then(() => "arrived elsewhere"),
    ]);
  };

  test.each([
    [
      "script-src-elem",
      "a script in the page",
      `const script = document.createElement("script"); script.textContent = ` +
        `"${SCRIPT}"; document.head.append(script); if (globalThis.ran) done("ran");`,
    ],
    [
      "script-src-attr",
      "a handler in an attribute",
      `document.body.insertAdjacentHTML("beforeend", "<button id=bad ` +
        `onclick='${SCRIPT}'>"); document.getElementById("bad").click(); if (globalThis.ran) done("ran");`,
    ],
    [
      "worker-src",
      "a worker",
      `new Worker(URL.createObjectURL(new Blob(["postMessage(1)"], { ` +
        `type: "text/javascript" }))).onmessage = () => done("ran");`,
    ],
    ["script-src", "text as code", `setTimeout(() => { eval("${SCRIPT}"); done("ran"); });`],
  ])("refuses by %s: %s", async (directive, _, code) => {
    expect(await outcome(code)).toBe(directive);
  });

  test("runs no script of a tenant", async () => {
    expect(
      await outcome(
        `const script = document.createElement("script"); script.onload = () => done("ran"); ` +
          `script.src = "${originOf(world.platform, id)}/own.js"; document.head.append(script);`,
      ),
    ).toBe("script-src-elem");
  });

  test.each([
    ["connect-src", "fetch", (url: string) => `fetch("${url}").catch(() => {});`],
    ["img-src", "a picture", (url: string) => `new Image().src = "${url}";`],
    [
      "form-action",
      "a form",
      (url: string) =>
        `document.body.insertAdjacentHTML("beforeend", "<form id=out ` +
        `action='${url}'>"); document.getElementById("out").submit();`,
    ],
    [
      "frame-src",
      "a frame",
      (url: string) => `document.body.insertAdjacentHTML("beforeend", "<iframe src='${url}'>");`,
    ],
  ] as const)("sends nothing elsewhere, by %s: %s", async (directive, _, code) => {
    expect(await outcome(code(elsewhere.origin))).toBe(directive);
  });

  test("takes no other base for its addresses", async () => {
    await page.evaluate(
      `document.head.insertAdjacentHTML("afterbegin", '<base href="${originOf(world.platform, id)}/">')`,
    );
    const base = (await page.evaluate("document.baseURI")) as string;
    expect(new URL(base).origin).toBe(world.platform.origin);
  });

  test("holds no plug-ins", async () => {
    const code =
      `const plugin = document.createElement("object"); plugin.data = "/icon.svg"; ` +
      `plugin.onload = () => done("shown"); document.body.append(plugin);`;
    expect(await outcome(code)).toBe("object-src");
  });

  test("does not run what a tenant stored, though it comes from its own server", async () => {
    const ended = await page.evaluate(`new Promise((resolve) => {
      const script = document.createElement("script");
      script.onload = () => resolve("ran");
      script.onerror = () => resolve("refused");
      script.src = "/api/v1/deployments/${id}/kv/script.js";
      document.head.append(script);
    })`);
    expect([ended, await page.evaluate("globalThis.ran === undefined")]).toEqual(["refused", true]);
  });

  test("and what a tenant stored as a page is a download", async () => {
    const visit = await page.goto(`${world.platform.origin}/api/v1/deployments/${id}/kv/page.html`).then(
      () => "shown",
      (error: Error) => error.message,
    );
    expect(visit).toContain("Download is starting");
    expect(await page.title()).toBe("Terrarium Studio");
  });
});
