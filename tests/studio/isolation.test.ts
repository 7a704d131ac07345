// Two tenants and the studio in one browser: none reaches another, by any way that a page has.
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { archiveOf } from "../e2e/programs.ts";
import { describeInBrowser } from "./browser.ts";
import { deployed, deploymentsOf, openPage, originOf, TENANT } from "./tenants.ts";

describeInBrowser("pages of tenants", (world) => {
  let [mine, other] = ["", ""];
  let page: Page;

  beforeAll(async () => {
    mine = await deployed(world.platform, TENANT);
    other = await deployed(world.platform, TENANT);
    page = await openPage(world.browser, originOf(world.platform, mine));
  });

  /** What a fetch from the page's own code comes to: its status, or the word for a refusal. */
  const fetched = (url: string) =>
    page.evaluate(
      async (address) =>
        await fetch(address).then(
          (response) => response.status,
          () => "refused",
        ),
      url,
    );

  test("reach themselves", async () => {
    expect(await fetched("/own.js")).toBe(200);
  });

  test.each(["/", "/icon.svg", "/api/v1/limits", "/api/v1/deployments"])(
    "cannot read %s of the bare domain",
    async (path) => {
      expect(await fetched(world.platform.origin + path)).toBe("refused");
    },
  );

  test.each(["/", "/own.js"])("cannot read %s of another tenant", async (path) => {
    expect(await fetched(originOf(world.platform, other) + path)).toBe("refused");
  });

  test("cannot deploy or delete by requests whose answers they do not read", async () => {
    const before = await deploymentsOf(world.platform);
    const archive = Buffer.from(archiveOf(TENANT)).toString("base64");
    // What a form may send as well: no preflight asks whether these are welcome.
    const send = (url: string, body: string, encoding: "base64" | "utf8") =>
      page.evaluate(
        async ([address, text, how]) => {
          const bytes =
            how === "base64" ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : text;
          await fetch(address, { method: "POST", mode: "no-cors", body: bytes }).catch(() => undefined);
        },
        [url, body, encoding] as const,
      );
    await send(`${world.platform.origin}/api/v1/deployments`, archive, "base64");
    await send(`${world.platform.origin}/deploy`, JSON.stringify({ tar: archive, lang: "wat" }), "utf8");
    await page.evaluate(
      async (url) => await fetch(url, { method: "DELETE" }).catch(() => undefined),
      `${world.platform.origin}/api/v1/deployments/${other}`,
    );
    expect(await deploymentsOf(world.platform)).toEqual(before);
  });

  test("cannot show a picture of the studio", async () => {
    const shown = await page.evaluate(`new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve("shown");
      image.onerror = () => resolve("refused");
      image.src = "${world.platform.origin}/icon.svg";
    })`);
    expect(shown).toBe("refused");
  });

  test("cannot frame the studio", async () => {
    const frame = await framed(page, world.platform.origin);
    expect(await frame?.locator("#studio").count()).toBe(0);
  });

  test("cannot look into a frame of another tenant", async () => {
    const frame = await framed(page, originOf(world.platform, other));
    expect(await frame?.locator("p").textContent()).toBe("tenant");
    expect(
      await page.evaluate(
        '[...document.querySelectorAll("iframe")].every(({ contentDocument }) => contentDocument === null)',
      ),
    ).toBe(true);
  });

  test("cannot keep a hand on the studio that they opened", async () => {
    const [popup] = await Promise.all([
      page.context().waitForEvent("page"),
      page.evaluate(`void (globalThis.held = open(${JSON.stringify(world.platform.origin)}))`),
    ]);
    await popup.locator("#studio > *").first().waitFor();
    expect(await popup.evaluate("opener === null")).toBe(true);
    expect(await page.evaluate("held.closed")).toBe(true);
  });
});

/** A frame that the page adds, once it has loaded something or failed to. */
async function framed(page: Page, url: string) {
  await page.evaluate(`new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.src = ${JSON.stringify(url)};
    frame.addEventListener("load", resolve, { once: true });
    document.body.append(frame);
  })`);
  return page.frames().at(-1);
}
