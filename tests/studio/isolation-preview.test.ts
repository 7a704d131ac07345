// A tenant's page in the preview, next to the studio: it cannot reach, move or replace what is around it.
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { chromiumPath, launchBrowser } from "./browser.ts";
import { Elsewhere, openPreview, originOf } from "./tenants.ts";

const noBrowser = chromiumPath() === null && process.env["CI"] === undefined;

describe.skipIf(noBrowser)("a tenant's page in the preview", () => {
  const folder = temporaryFolder();
  let platform: Platform;
  let browser: Browser;
  let elsewhere: Elsewhere;
  let page: Page;
  let frame: Frame;
  let id: string;

  beforeAll(async () => {
    elsewhere = await Elsewhere.start();
    platform = await Platform.start(folder.path);
    browser = await launchBrowser();
    ({ page, frame, id } = await openPreview(browser, platform.origin));
  });
  afterAll(async () => {
    await browser.close();
    await platform.stop();
    await elsewhere.stop();
    folder[Symbol.dispose]();
  });

  const attempt = (code: string) =>
    frame.evaluate(`(() => { try { return String(${code}); } catch (error) { return error.name; } })()`);

  test("runs its scripts, in an origin of its own", async () => {
    expect(await attempt("origin")).toBe(originOf(platform, id));
  });

  test("cannot read the studio's page, storage or address", async () => {
    for (const code of ["parent.document.title", "parent.localStorage.length", "parent.location.href"])
      expect([code, await attempt(code)]).toEqual([code, "SecurityError"]);
  });

  test("cannot lead the studio away, even while it is clicked", async () => {
    // A browser lets a frame that a person is using lead its page away, unless the frame is sandboxed.
    await frame.evaluate(`document.querySelector("p").onclick = () => {
      try { top.location.href = ${JSON.stringify(elsewhere.origin)}; globalThis.outcome = "led away"; } catch (error) { globalThis.outcome = error.name; }
    }`);
    await frame.locator("p").click();
    expect(await frame.evaluate("outcome")).toBe("SecurityError");
    expect(new URL(page.url()).origin).toBe(platform.origin);
  });

  test("cannot put a page of elsewhere in its place", async () => {
    const refusal = page.evaluate(
      'new Promise((resolve) => addEventListener("securitypolicyviolation", ({ ' +
        "effectiveDirective }) => resolve(effectiveDirective), { once: true }))",
    );
    const arrival = elsewhere.asked().then(() => "arrived elsewhere");
    await frame.evaluate(`void (location.href = ${JSON.stringify(elsewhere.origin)})`);
    expect(await Promise.race([refusal, arrival])).toBe("frame-src");
  });
});
