// Every template, from the gallery to its answer in the preview, in a real browser.
import { execFileSync } from "node:child_process";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Templates } from "../../src/control/templates/templates.ts";
import type { Platform } from "../e2e/platform.ts";
import { deploy, describeInBrowser, openTemplate } from "./browser.ts";

const hasRust = process.env["CI"] !== undefined || (canRun("cargo") && canRun("rustc"));
const list = await new Templates().list();

function canRun(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** What the frame of the preview shows, and with which status it came. */
async function previewed(
  platform: Platform,
  page: Page,
  id: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await platform.ask(id, "/");
  const frame = page.frameLocator(".preview-frame");
  await page.locator('.preview-frame[aria-busy="false"]').waitFor();
  return { status: answer.status, text: (await frame.locator("html").textContent()) ?? "" };
}

describeInBrowser("a template", (world) => {
  test.for(list)(
    "$title is deployed from the page and answers in the preview",
    { timeout: 300_000 },
    async ({ title, language, name }, context) => {
      if (language === "rust" && !hasRust) {
        process.stderr.write(`SKIPPED: ${name}: no Rust here\n`);
        return context.skip("no Rust here");
      }
      const { page, errors } = await world.openStudio();
      page.setDefaultTimeout(280_000);
      await openTemplate(page, title);
      const id = await deploy(page);
      expect(id, (await page.locator(".drawer").textContent()) ?? "").not.toBeNull();
      const { text, status } = await previewed(world.platform, page, id ?? "");
      // Examples that ask services of the outside answer with what went wrong there; none may fault.
      expect(text).not.toMatch(/The program (panicked|trapped|reached)/);
      if (name.startsWith("empty-")) expect([status, text]).toEqual([200, expect.stringMatching(/hello/i)]);
      expect(errors).toEqual([]);
      await page.context().close();
    },
  );
});
