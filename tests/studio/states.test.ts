// What the page shows when something goes wrong, and what it keeps.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { deploy, describeInBrowser, openStudio, openTemplate } from "./browser.ts";

describeInBrowser("the studio", (world) => {
  async function replaceText(page: Page, text: string): Promise<void> {
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  }

  test("comes from its own server alone, editor included in at most 350 KB", async () => {
    const context = await world.browser.newContext();
    const page = await context.newPage();
    const foreign: string[] = [];
    let transferred = 0;
    page.on(
      "request",
      (request) => request.url().startsWith(`${world.platform.origin}/`) || foreign.push(request.url()),
    );
    page.on(
      "requestfinished",
      (request) =>
        void request
          .sizes()
          .then(
            ({ responseBodySize, responseHeadersSize }) =>
              (transferred += responseBodySize + responseHeadersSize),
          ),
    );
    await page.goto(world.platform.origin);
    await page.locator(".card").first().waitFor();
    await page.waitForLoadState("networkidle");
    expect(foreign).toEqual([]);
    expect(transferred).toBeGreaterThan(50_000);
    expect(transferred).toBeLessThan(350_000);
    await context.close();
  });

  test("lists compiler errors, jumps to their line, and never shows an old build as new", async () => {
    const { page } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    const first = await deploy(page);
    expect(first).not.toBeNull();
    await replaceText(page, '(module\n  (func (export "run")\n    (nonsense)))\n');
    expect(await deploy(page)).toBeNull();
    await page.locator("button.problem").first().click();
    expect(await page.locator(".cm-activeLine").textContent()).toContain("nonsense");
    expect(await page.locator(".preview-state").textContent()).toContain("The last build failed");
    expect(await page.locator(".preview-frame").getAttribute("data-build")).toBe(first);
    await page.context().close();
  });

  test("keeps the project across a reload, with the deployment and its address", async () => {
    const { page } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    await replaceText(page, '(module (func (export "run")) (; kept ;))');
    const id = await deploy(page);
    await page.reload();
    expect(await page.locator(".cm-content").textContent()).toContain("(; kept ;)");
    expect(await page.locator(".live-url").textContent()).toContain(id ?? "nothing");
    await page.context().close();
  });

  test("says that the server is gone, keeps working, and comes back by itself", async () => {
    using data = temporaryFolder();
    const own = await Platform.start(data.path);
    const { page } = await openStudio(world.browser, own.origin);
    await openTemplate(page, "Empty WAT");
    await own.stop();
    await page.getByRole("button", { name: "Build & Deploy" }).first().click();
    await page.locator(".banner").waitFor();
    expect(await page.locator(".banner").textContent()).toContain("does not respond");
    await replaceText(page, "(module) (; written without a server ;)");
    await using again = await Platform.start(data.path, ["--listen", `127.0.0.1:${own.ready.httpPort}`]);
    await page.locator(".banner").waitFor({ state: "detached" });
    await page.reload();
    expect(await page.locator(".cm-content").textContent()).toContain("written without a server");
    expect(again.ready.httpPort).toBe(own.ready.httpPort);
    await page.context().close();
  });

  test("warns before a deployment expires, then offers one click to deploy again", async () => {
    const { page } = await world.openStudio();
    await page.clock.install();
    await page.reload();
    await openTemplate(page, "Empty WAT");
    const first = await deploy(page);
    await page.clock.fastForward("04:05");
    await page
      .getByRole("status")
      .getByText(/^The deployment expires in \d\d seconds$/)
      .waitFor({ state: "attached" });
    await world.platform.ask("", `/api/v1/deployments/${first}`, { method: "DELETE" });
    await page.clock.fastForward("01:00");
    await page.getByText("This deployment has expired.").waitFor();
    expect(await page.locator(".preview-frame").count()).toBe(0);
    await page.locator(".live-address").getByRole("button", { name: "Deploy again" }).click();
    await page.locator(".preview-frame").waitFor();
    expect(await page.locator(".preview-frame").getAttribute("data-build")).not.toBe(first);
    await page.context().close();
  });

  test("gives five minutes more", async () => {
    const { page } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    await deploy(page);
    expect(await page.locator(".time-left").textContent()).toMatch(/^(5:00|4:\d\d)$/);
    await page.getByRole("button", { name: "+5 min" }).click();
    await page.getByText(/^(9:\d\d|10:00)$/).waitFor();
    await page.context().close();
  });

  test("names the limit that refused a deploy", async () => {
    using data = temporaryFolder();
    await using own = await Platform.start(data.path, ["--quotas", "on", "--quota-hourly", "1"]);
    const { page } = await openStudio(world.browser, own.origin);
    await openTemplate(page, "Empty WAT");
    await deploy(page);
    expect(await deploy(page)).toBeNull();
    expect(await page.locator(".outcome.bad").textContent()).toContain("the limit is 1");
    await page.context().close();
  });

  test("asks for the deploy token where there is one, and deploys with it", async () => {
    using data = temporaryFolder();
    await using own = await Platform.start(data.path, ["--deploy-token", "a-token-of-the-operator"]);
    const { page } = await openStudio(world.browser, own.origin);
    await openTemplate(page, "Empty WAT");
    await page.getByRole("button", { name: "Build & Deploy" }).first().click();
    await page.getByLabel("Deploy token").fill("a-token-of-the-operator");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.locator(".preview-frame").waitFor();
    await page.context().close();
  });

  test("shares a project by its link without secrets, and opening the link runs nothing", async () => {
    const { page } = await world.openStudio();
    await page.locator(".card").filter({ hasText: "GitHub by GraphQL" }).click();
    await page.locator('.variables input[type="password"]').fill("a-very-secret-token");
    await page.getByRole("button", { name: "Share by link" }).click();
    const field = page.getByRole("textbox", { name: "Link" });
    await expect.poll(() => field.inputValue()).toContain("#p=");
    const link = await field.inputValue();
    const other = await openStudio(world.browser, link);
    const calls: string[] = [];
    other.page.on("request", (request) => request.method() !== "GET" && calls.push(request.url()));
    await other.page.getByRole("button", { name: "Open the project" }).click();
    await other.page.locator('.variables input[type="password"]').waitFor();
    expect(await other.page.locator('.variables input[type="password"]').inputValue()).toBe("");
    const bytes = Buffer.from(link.split("#p=")[1] ?? "", "base64url");
    const { inflateRawSync } = await import("node:zlib");
    expect(inflateRawSync(bytes).toString()).not.toContain("a-very-secret-token");
    expect(calls).toEqual([]);
    await Promise.all([page.context().close(), other.page.context().close()]);
  });

  test("sends a request, shows its answer, and what the program did for it", async () => {
    const { page, errors } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    await deploy(page);
    await page.getByRole("tab", { name: "Request" }).click();
    await page.getByLabel("Path and query").fill("/some/path");
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".answer .status").waitFor();
    expect(await page.locator(".answer .status").textContent()).toBe("200");
    await page.getByRole("tab", { name: "Inspector" }).click();
    await page.locator(".record-row", { hasText: "/some/path" }).waitFor();
    expect(await page.locator(".waterfall").textContent()).toContain("resp_set_body");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("writes, reads and deletes keys of the store", async () => {
    const { page } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    const id = await deploy(page);
    await page.getByRole("tab", { name: "Store" }).click();
    await page.getByLabel("New key").fill("a key");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("textbox", { name: "Value of a key" }).fill("a value");
    await page.getByRole("button", { name: "Save value" }).click();
    await expect
      .poll(async () => (await world.platform.ask("", `/api/v1/deployments/${id}/kv/a%20key`)).text)
      .toBe("a value");
    await page.getByRole("button", { name: "Delete a key" }).click();
    await expect
      .poll(async () => (await world.platform.ask("", `/api/v1/deployments/${id}/kv/a%20key`)).status)
      .toBe(404);
    await page.context().close();
  });
});
