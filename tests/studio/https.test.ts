// The studio over HTTPS, under certificates of the platform's own authority: nothing of it falls back to
// plain HTTP.
import { createHash, X509Certificate } from "node:crypto";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Platform } from "../e2e/platform.ts";
import { deploy, describeWith, openStudio, openTemplate } from "./browser.ts";

/** Flags that make the browser accept certificates of the platform's authority. */
async function trustAuthority(platform: Platform): Promise<string[]> {
  const { publicKey } = new X509Certificate((await platform.ask("", "/ca.pem")).text);
  const digest = createHash("sha256").update(publicKey.export({ type: "spki", format: "der" }));
  return [`--ignore-certificate-errors-spki-list=${digest.digest("base64")}`];
}

describeWith({ browserFlags: trustAuthority }, "the studio over HTTPS", (world) => {
  let page: Page;
  let errors: string[];
  let ca: string;
  const requests: string[] = [];

  beforeAll(async () => {
    ca = (await world.platform.ask("", "/ca.pem")).text;
    ({ page, errors } = await openStudio(
      world.browser,
      `https://localhost:${world.platform.ready.httpsPort}`,
    ));
    page.on("request", (request) => requests.push(request.url()));
  });

  test("deploys, and shows the preview on its subdomain over HTTPS as well", async () => {
    await openTemplate(page, "Empty WAT");
    const id = await deploy(page);
    const url = `https://${id}.localhost:${world.platform.ready.httpsPort}/`;
    expect(await page.locator(".live-url").getAttribute("href")).toBe(url);
    const frame = page.frames().find((candidate) => candidate.url() === url);
    expect(await frame?.locator("body").textContent()).toMatch(/hello/i);
    // Whoever trusts the authority needs no exceptions: its certificates name both hosts.
    for (const label of ["", id ?? ""])
      expect((await world.platform.ask(label, "/", { secure: true, ca })).status).toBe(200);
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
