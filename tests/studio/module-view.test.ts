// The module view: what was built, described and as text.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { deploy, describeInBrowser, openTemplate } from "./browser.ts";

/** Its text repeats the long name at each call, and comes to 12 MB. */
const LONG = `(module (func $${"n".repeat(30_000)}) (func (export "run") ${"call 0 ".repeat(400)}))`;

describeInBrowser("the module view", (world) => {
  /** A page whose module view shows a program of this text. */
  async function openModule(
    text: string,
  ): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
    const { page, errors } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
    expect(await deploy(page)).not.toBeNull();
    await page.getByRole("tab", { name: "Module" }).click();
    return { page, errors };
  }

  test(
    "shows the module's text in colours, to be searched and not " +
      "to be changed, and loads what it needs only then",
    async () => {
      const { page, errors } = await openModule(
        '(module (func $shown (export "run") (local i32) (local.set 0 (i32.const 7))))',
      );
      const scripts: string[] = [];
      page.on("response", (response) => scripts.push(response.url()));
      await page.getByRole("button", { name: "Show as text (WAT)" }).click();
      const text = page.getByRole("textbox", { name: "Text of the module" });
      await text
        .locator("span", { hasText: /^func$/ })
        .first()
        .waitFor();
      expect(scripts.some((url) => url.includes("/wat-view-"))).toBe(true);
      const colours = await page.evaluate(
        'new Set([...document.querySelectorAll(".wat .cm-line ' +
          'span")].map((span) => getComputedStyle(span).color)).size',
      );
      expect(colours).toBeGreaterThan(1);
      const before = await text.textContent();
      expect(before).toContain("(func $shown");
      await text.click();
      await page.keyboard.insertText("changed");
      await page.keyboard.press("Delete");
      expect(await text.textContent()).toBe(before);
      expect(errors).toEqual([]);
      await page.context().close();
    },
  );

  test("says why a module is not shown as text, and hands it over instead", async () => {
    const { page } = await openModule(LONG);
    await page.getByRole("button", { name: "Show as text (WAT)" }).click();
    await page.getByRole("alert").getByText("Cannot show the module as text").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download the module" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("module.wasm");
    await page.context().close();
  });
});
