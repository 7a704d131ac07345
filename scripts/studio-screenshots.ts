// Makes the pictures of the studio in docs/studio from a real platform and a real browser: light, dark,
// phone. Run by `node bin/node26.mjs scripts/studio-screenshots.ts`, after `npm run build:studio`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { Platform, temporaryFolder } from "../tests/e2e/platform.ts";
import { deploy, launchBrowser, openStudio, openTemplate } from "../tests/studio/browser.ts";

const FOLDER = join(import.meta.dirname, "../docs/studio");
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

async function photograph(
  browser: Browser,
  origin: string,
  name: string,
  options: BrowserContextOptions,
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const { page } = await openStudio(browser, origin, { viewport: WIDE, ...options });
  await act(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await page.context().close();
}

async function showImageProxy(page: Page): Promise<void> {
  await openTemplate(page, "Image proxy");
  await deploy(page);
}

async function showInspector(page: Page): Promise<void> {
  await showImageProxy(page);
  await page.getByRole("tab", { name: "Request" }).click();
  await page.getByLabel("Path and query").fill("/?width=320&sharpening=1");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".answer-image").waitFor();
  await page.getByRole("tab", { name: "Inspector" }).click();
  await page.locator(".record").waitFor();
  await page.getByRole("tab", { name: "Module" }).click();
}

async function showPhone(page: Page): Promise<void> {
  await openTemplate(page, "Empty WAT");
  await deploy(page);
}

mkdirSync(FOLDER, { recursive: true });
using folder = temporaryFolder();
await using platform = await Platform.start(folder.path);
const browser = await launchBrowser();
try {
  await photograph(browser, platform.origin, "gallery", {}, (page) =>
    page.locator(".card").first().waitFor(),
  );
  await photograph(browser, platform.origin, "light", {}, showImageProxy);
  await photograph(browser, platform.origin, "dark", { colorScheme: "dark" }, showInspector);
  await photograph(browser, platform.origin, "phone", { viewport: PHONE, deviceScaleFactor: 2 }, showPhone);
} finally {
  await browser.close();
}
