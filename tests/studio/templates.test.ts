// Every template, from the gallery to its answer in the preview, in a real browser.
import { execFileSync } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Templates } from "../../src/control/templates/templates.ts";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { chromiumPath, deploy, launchBrowser, openStudio, openTemplate } from "./browser.ts";

const hasRust = canRun("cargo") && canRun("rustc");
const list = await new Templates().list();
const folder = temporaryFolder();
let platform: Platform;
let browser: Browser;

function canRun(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Outside CI a machine may lack Chromium or Rust; the test then says so instead of passing. */
function reasonToSkip(language: string): string | null {
  if (process.env["CI"] !== undefined) return null;
  if (chromiumPath() === null) return "no Chromium here";
  return language === "rust" && !hasRust ? "no Rust here" : null;
}

beforeAll(async () => {
  if (chromiumPath() === null && process.env["CI"] === undefined) return;
  platform = await Platform.start(folder.path);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  folder[Symbol.dispose]();
});

/** What the frame of the preview shows, and with which status it came. */
async function previewed(
  page: Page,
  id: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await platform.ask(id, "/");
  const frame = page.frameLocator(".preview-frame");
  await page.locator('.preview-frame[aria-busy="false"]').waitFor();
  return { status: answer.status, text: (await frame.locator("html").textContent()) ?? "" };
}

describe.each(list)("$title", ({ title, language, name }) => {
  test("is deployed from the page and answers in the preview", { timeout: 300_000 }, async (context) => {
    const reason = reasonToSkip(language);
    if (reason !== null) {
      process.stderr.write(`SKIPPED: ${name}: ${reason}\n`);
      return context.skip(reason);
    }
    const { page, errors } = await openStudio(browser, platform.origin);
    page.setDefaultTimeout(280_000);
    await openTemplate(page, title);
    const id = await deploy(page);
    expect(id, (await page.locator(".drawer").textContent()) ?? "").not.toBeNull();
    const { text, status } = await previewed(page, id ?? "");
    // Examples that ask services of the outside answer with what went wrong there; none may fault.
    expect(text).not.toMatch(/The program (panicked|trapped|reached)/);
    if (name.startsWith("empty-")) expect([status, text]).toEqual([200, expect.stringMatching(/hello/i)]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
