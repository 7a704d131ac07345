// The page without a mouse, on a small screen, and with a screen reader; axe checks each state in both
// themes.
import { expect, test } from "vitest";
import { violations } from "./axe.ts";
import { deploy, describeInBrowser, openTemplate } from "./browser.ts";

describeInBrowser("the studio", (world) => {
  test.each(["light", "dark"] as const)(
    "has no violation that axe finds, in any state, %s",
    async (colorScheme) => {
      // The page's own policy admits no script of others, so axe comes in past it.
      const { page } = await world.openStudio({
        colorScheme,
        bypassCSP: true,
        reducedMotion: "reduce",
      });
      await page.locator(".card").first().waitFor();
      expect(await violations(page)).toEqual([]);
      await openTemplate(page, "Empty WAT");
      expect(await violations(page)).toEqual([]);
      await deploy(page);
      for (const tab of ["Request", "Inspector", "Problems", "Logs", "Store", "Module", "Build", "Preview"]) {
        await page.getByRole("tab", { name: tab, exact: true }).click();
        expect([tab, await violations(page)]).toEqual([tab, []]);
        if (tab !== "Module") continue;
        await page.getByRole("button", { name: "Show as text (WAT)" }).click();
        await page.getByRole("textbox", { name: "Text of the module" }).waitFor();
        expect(["text of the module", await violations(page)]).toEqual(["text of the module", []]);
      }
      await page.getByRole("treeitem", { name: "main.wat" }).focus();
      await page.keyboard.press("Delete");
      await page.getByRole("button", { name: "Undo" }).waitFor();
      expect(["deleted", await violations(page)]).toEqual(["deleted", []]);
      await page.getByRole("button", { name: "Undo" }).click();
      for (const key of ["ControlOrMeta+k", "ControlOrMeta+p"]) {
        await page.keyboard.press(key);
        await page.getByRole("dialog").waitFor();
        expect([key, await violations(page)]).toEqual([key, []]);
        await page.keyboard.press("Escape");
      }
      await page.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText("(module (nonsense))");
      await deploy(page);
      expect(["failed", await violations(page)]).toEqual(["failed", []]);
      await page.context().close();
    },
  );

  test("is used from the first key to the answer without a pointer", async () => {
    const { page } = await world.openStudio();
    await page.locator(".card").first().waitFor();
    await page.locator(".card", { hasText: "Empty WAT" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".cm-content").waitFor();
    await page.keyboard.press("ControlOrMeta+p");
    await page.locator("[aria-label='Type a file name']:focus").waitFor();
    await page.keyboard.type("main");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.locator(".preview-frame").waitFor();
    await page.keyboard.press("ControlOrMeta+k");
    await page.locator("[aria-label='Type a command']:focus").waitFor();
    await page.keyboard.type("show the log");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Logs", selected: true }).waitFor();
    await page.getByRole("tab", { name: "Logs" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tab", { name: "Store", selected: true }).waitFor();
    const splitter = page.getByRole("separator", { name: "Width of the files" });
    const before = Number(await splitter.getAttribute("aria-valuenow"));
    await splitter.focus();
    await page.keyboard.press("ArrowRight");
    expect(Number(await splitter.getAttribute("aria-valuenow"))).toBe(before + 16);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.context().close();
  });

  test("lets go of the editor: Escape, then Tab", async () => {
    const { page } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await page.evaluate('document.activeElement.closest(".cm-editor") === null')).toBe(true);
    await page.context().close();
  });

  test("makes, renames and deletes files by keys in the tree", async () => {
    const { page } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    await page.getByRole("button", { name: "New file" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Path of the new file").fill("assets/page.html");
    await page.keyboard.press("Enter");
    await page.getByRole("treeitem", { name: "page.html" }).focus();
    await page.keyboard.press("F2");
    await page.getByLabel("New path of assets/page.html").fill("assets/index.html");
    await page.keyboard.press("Enter");
    await page.getByRole("treeitem", { name: "index.html" }).waitFor();
    await page.getByRole("treeitem", { name: "index.html" }).focus();
    await page.keyboard.press("Delete");
    await page.getByRole("treeitem", { name: "assets" }).waitFor({ state: "detached" });
    await page.context().close();
  });

  test("fits a screen of 320 pixels, one pane at a time", async () => {
    const { page } = await world.openStudio({ viewport: { width: 320, height: 640 } });
    await openTemplate(page, "Empty WAT");
    for (const pane of ["Files", "Editor", "Preview", "Output"]) {
      await page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: pane }).click();
      expect([pane, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([pane, 320]);
    }
    await page.context().close();
  });
});
