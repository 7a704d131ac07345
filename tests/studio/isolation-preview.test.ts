// A tenant's page in the preview, next to the studio: it cannot reach, move or replace what is around it.
import type { Frame, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "./browser.ts";
import { Elsewhere, openPreview, originOf } from "./tenants.ts";

describeInBrowser("a tenant's page in the preview", (world) => {
  let elsewhere: Elsewhere;
  let page: Page;
  let frame: Frame;
  let id: string;

  beforeAll(async () => {
    elsewhere = await Elsewhere.start();
    ({ page, frame, id } = await openPreview(world.browser, world.platform.origin));
  });
  afterAll(async () => {
    await elsewhere.stop();
  });

  const attempt = (code: string) =>
    frame.evaluate(`(() => { try { return String(${code}); } catch (error) { return error.name; } })()`);

  test("runs its scripts, in an origin of its own", async () => {
    expect(await attempt("origin")).toBe(originOf(world.platform, id));
  });

  test("cannot read the studio's page, storage or address", async () => {
    for (const code of ["parent.document.title", "parent.localStorage.length", "parent.location.href"])
      expect([code, await attempt(code)]).toEqual([code, "SecurityError"]);
  });

  test("cannot lead the studio away, even while it is clicked", async () => {
    // A browser lets a frame that a person is using lead its page away, unless the frame is sandboxed.
    await frame.evaluate(`document.querySelector("p").onclick = () => {
      try {
        top.location.href = ${JSON.stringify(elsewhere.origin)};
        globalThis.outcome = "led away";
      } catch (error) { globalThis.outcome = error.name; }
    }`);
    await frame.locator("p").click();
    expect(await frame.evaluate("outcome")).toBe("SecurityError");
    expect(new URL(page.url()).origin).toBe(world.platform.origin);
  });

  test("cannot replace itself with another page", async () => {
    const refusal = page.evaluate(
      'new Promise((resolve) => addEventListener("securitypolicyviolation", ({ ' +
        "effectiveDirective }) => resolve(effectiveDirective), { once: true }))",
    );
    const arrival = elsewhere.asked().then(() => "arrived elsewhere");
    await frame.evaluate(`void (location.href = ${JSON.stringify(elsewhere.origin)})`);
    expect(await Promise.race([refusal, arrival])).toBe("frame-src");
  });
});
