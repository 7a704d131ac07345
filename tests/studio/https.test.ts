// The studio over HTTPS, under certificates of the platform's own authority: nothing of it falls back to plain HTTP.
import { createHash, X509Certificate } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { chromiumPath, deploy, launchBrowser, openStudio, openTemplate } from "./browser.ts";

const noBrowser = chromiumPath() === null && process.env["CI"] === undefined;

describe.skipIf(noBrowser)("the studio over HTTPS", () => {
  const folder = temporaryFolder();
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  let ca: string;
  const requests: string[] = [];

  beforeAll(async () => {
    platform = await Platform.start(folder.path);
    ca = (await platform.ask("", "/ca.pem")).text;
    const key = new X509Certificate(ca).publicKey.export({ type: "spki", format: "der" });
    browser = await launchBrowser([
      `--ignore-certificate-errors-spki-list=${createHash("sha256").update(key).digest("base64")}`,
    ]);
    ({ page, errors } = await openStudio(browser, `https://localhost:${platform.ready.httpsPort}`));
    page.on("request", (request) => requests.push(request.url()));
  });
  afterAll(async () => {
    await browser.close();
    await platform.stop();
    folder[Symbol.dispose]();
  });

  test("deploys, and shows the preview on its subdomain over HTTPS as well", async () => {
    await openTemplate(page, "Empty WAT");
    const id = await deploy(page);
    const url = `https://${id}.localhost:${platform.ready.httpsPort}/`;
    expect(await page.locator(".live-url").getAttribute("href")).toBe(url);
    const frame = page.frames().find((candidate) => candidate.url() === url);
    expect(await frame?.locator("body").textContent()).toMatch(/hello/i);
    // Whoever trusts the authority needs no exceptions: its certificates name both hosts.
    for (const label of ["", id ?? ""])
      expect((await platform.ask(label, "/", { secure: true, ca })).status).toBe(200);
  });

  test("sends requests and follows the log", async () => {
    await page.getByRole("tab", { name: "Request" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".answer .status").waitFor();
    expect(await page.locator(".answer .status").textContent()).toBe("200");
    await page.getByRole("tab", { name: "Inspector" }).click();
    await page.locator(".record-row").first().waitFor();
  });

  test("asks nothing over plain HTTP", () => {
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.filter((url) => url.startsWith("http:"))).toEqual([]);
    expect(errors).toEqual([]);
  });
});
