// Two tenants and the studio in one browser: none reaches another, by any way that a page has.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { archiveOf } from "../e2e/programs.ts";
import { chromiumPath, launchBrowser, openStudio, openTemplate, deploy } from "./browser.ts";

const noBrowser = chromiumPath() === null && process.env["CI"] === undefined;
const PAGE = "<!doctype html><html lang=en><title>tenant</title><p>tenant</p><script src=/own.js></script></html>";
const SOURCES = { "src/main.wat": '(module (func (export "run")))', "assets/index.html": PAGE, "assets/own.js": "globalThis.own = true", "assets/worker.js": "" };

describe.skipIf(noBrowser)("pages of tenants", () => {
  const folder = temporaryFolder();
  let platform: Platform;
  let browser: Browser;
  let [mine, other] = ["", ""];

  beforeAll(async () => {
    platform = await Platform.start(folder.path);
    browser = await launchBrowser();
    mine = await deployed();
    other = await deployed();
  });
  afterAll(async () => {
    await browser.close();
    await platform.stop();
    folder[Symbol.dispose]();
  });

  async function deployed(): Promise<string> {
    const answer = await platform.ask("", "/api/v1/deployments", { method: "POST", headers: { "content-type": "application/x-tar" }, body: archiveOf(SOURCES) });
    return (JSON.parse(answer.text) as { deployment: { id: string } }).deployment.id;
  }

  const originOf = (id: string) => `http://${id}.localhost:${platform.ready.httpPort}`;

  async function open(url: string): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  /** What a fetch from the page's own code comes to: its status, or the word for a refusal. */
  const fetchFrom = (page: Page, url: string, method = "GET") =>
    page.evaluate(async ([address, verb]) => await fetch(address, { method: verb }).then((response) => response.status, () => "refused"), [url, method] as const);

  test("cannot read the API, nor use it without reading", async () => {
    const page = await open(originOf(mine));
    expect(await fetchFrom(page, `${platform.origin}/api/v1/deployments`)).toBe("refused");
    await fetchFrom(page, `${platform.origin}/api/v1/deployments/${other}`, "DELETE");
    await page.evaluate(async (url) => await fetch(url, { method: "POST", mode: "no-cors", body: "{}" }).catch(() => undefined), `${platform.origin}/deploy`);
    const { deployments } = await platform.api<{ deployments: { id: string }[] }>("/api/v1/deployments");
    expect(deployments.map(({ id }) => id).sort()).toEqual([mine, other].sort());
    await page.context().close();
  });

  test("cannot read another tenant", async () => {
    const page = await open(originOf(mine));
    expect(await fetchFrom(page, originOf(other))).toBe("refused");
    await page.context().close();
  });

  test("cannot set a cookie that another tenant or the studio gets", async () => {
    const page = await open(originOf(mine));
    await page.evaluate('document.cookie = "own=1"; document.cookie = "wide=1; domain=localhost"');
    const cookies = async (url: string) => (await page.context().cookies(url)).map(({ name }) => name);
    expect([await cookies(originOf(mine)), await cookies(originOf(other)), await cookies(platform.origin)]).toEqual([["own"], [], []]);
    await page.context().close();
  });

  test("cannot frame the studio", async () => {
    const page = await open(originOf(mine));
    await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.src = ${JSON.stringify(platform.origin)};
      frame.addEventListener("load", resolve, { once: true });
      document.body.append(frame);
    })`);
    const framed = page.frames().find((frame) => frame !== page.mainFrame());
    expect(await framed?.locator("#studio").count()).toBe(0);
    await page.context().close();
  });

  test("cannot keep a hand on the studio that they opened", async () => {
    const page = await open(originOf(mine));
    const [popup] = await Promise.all([page.context().waitForEvent("page"), page.evaluate(`void (globalThis.held = open(${JSON.stringify(platform.origin)}))`)]);
    await popup.locator("#studio > *").first().waitFor();
    expect(await popup.evaluate("opener")).toBeNull();
    expect(await page.evaluate("held.closed")).toBe(true);
    await page.context().close();
  });

  test("in the preview cannot reach or move the studio around them, and their worker is theirs alone", async () => {
    const { page } = await openStudio(browser, platform.origin);
    await openTemplate(page, "Empty WAT");
    await page.getByRole("button", { name: "New file" }).click();
    await page.getByLabel("Name of the new file").fill("assets/index.html");
    await page.keyboard.press("Enter");
    await page.locator(".cm-content").click();
    await page.keyboard.insertText(PAGE);
    const id = await deploy(page);
    const frame = page.frames().find((candidate) => candidate.url().includes(id ?? "nothing"));
    expect(frame).toBeDefined();
    const attempt = (code: string) => frame!.evaluate(`(() => { try { return String(${code}); } catch (error) { return error.name; } })()`);
    expect(await attempt("parent.document.title")).toBe("SecurityError");
    expect(await attempt("top.location.href = 'about:blank'")).toBe("SecurityError");
    expect(await attempt("parent.localStorage.length")).toBe("SecurityError");
    const scope = await frame!.evaluate("navigator.serviceWorker.register('/worker.js').then(({ scope }) => scope, ({ name }) => name)");
    // A worker needs a secure context and a script; where it is granted, it covers the tenant's own origin only.
    if (String(scope).startsWith("http")) expect(new URL(String(scope)).origin).toBe(originOf(id ?? ""));
    expect(new URL(page.url()).origin).toBe(platform.origin);
    expect(await page.title()).toBe("Terrarium Studio");
    await page.context().close();
  });
});
