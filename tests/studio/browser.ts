// A real Chromium with an empty profile of its own, and the studio of a real platform in it.
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe } from "vitest";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Response,
} from "playwright-core";
import { Platform, temporaryFolder } from "../e2e/platform.ts";

const PATHS = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A platform and a browser, made for the tests of one `describe`. */
export interface BrowserWorld {
  readonly platform: Platform;
  readonly browser: Browser;
  /** Opens the platform's studio, as `openStudio` does. */
  openStudio(options?: BrowserContextOptions): Promise<StudioPage>;
}

/** A page on the studio, and every error that the page has thrown. */
interface StudioPage {
  readonly page: Page;
  readonly errors: string[];
}

interface WorldOptions {
  readonly serveArguments?: readonly string[];
  readonly browserFlags?: (platform: Platform) => readonly string[] | Promise<readonly string[]>;
}

/**
 * Defines tests that share a platform and a browser. Skips them on a machine without Chromium, except in CI.
 */
export function describeInBrowser(name: string, define: (world: BrowserWorld) => void): void {
  describeWith({}, name, define);
}

/** The same, with options for the platform or the browser. */
export function describeWith(
  { serveArguments = [], browserFlags = () => [] }: WorldOptions,
  name: string,
  define: (world: BrowserWorld) => void,
): void {
  const skip = chromiumPath() === null && process.env["CI"] === undefined;
  if (skip) process.stderr.write(`SKIPPED: ${name}: no Chromium on this machine\n`);
  describe.skipIf(skip)(name, () => {
    const folder = temporaryFolder();
    let platform: Platform;
    let browser: Browser;
    beforeAll(async () => {
      platform = await Platform.start(folder.path, serveArguments);
      browser = await launchBrowser(await browserFlags(platform));
    });
    afterAll(async () => {
      await browser.close();
      await platform.stop();
      folder[Symbol.dispose]();
    });
    define({
      get platform() {
        return platform;
      },
      get browser() {
        return browser;
      },
      openStudio: (options) => openStudio(browser, platform.origin, options),
    });
  });
}

/** Path of a Chromium; null if the machine has none. */
function chromiumPath(): string | null {
  return PATHS.find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** Starts it, with further flags. */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null)
    throw new Error("no Chromium here: install it, or name one with CHROMIUM=/path");
  return await chromium.launch({ executablePath, args: [...FLAGS, ...flags], headless: true });
}

/**
 * A page on the studio, in a profile of its own. Whatever the page throws ends the test that looks at
 * `errors`.
 */
export async function openStudio(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<StudioPage> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on(
    "console",
    (message) =>
      message.type() === "error" &&
      /Content Security Policy/.test(message.text()) &&
      errors.push(message.text()),
  );
  await page.goto(origin);
  return { page, errors };
}

/** Opens a template from the gallery by its title. */
export async function openTemplate(page: Page, title: string): Promise<void> {
  await page
    .locator(".card")
    .filter({ has: page.getByText(title, { exact: true }) })
    .click();
  await page.locator(".cm-content").waitFor();
}

/**
 * Presses Build & Deploy and waits for its end: the name of the deployment, shown in the preview by then, or
 * null if it failed.
 */
export async function deploy(page: Page): Promise<string | null> {
  const isDeploy = (response: Response) =>
    response.request().method() === "POST" && response.url().includes("/api/v1/deployments?");
  await Promise.all([
    page.waitForResponse(isDeploy),
    page.getByRole("button", { name: "Build & Deploy" }).first().click(),
  ]);
  // What a screen reader is told; it was set anew before the request was sent.
  const told = page.locator(".header > [role=status]").getByText(/^(Live|The build failed)$/);
  await told.waitFor({ state: "attached" });
  if ((await told.textContent()) !== "Live") return null;
  const url = (await page.locator(".live-url").getAttribute("href")) ?? "";
  const id = new URL(url).hostname.split(".")[0] ?? "";
  await page.locator(`.preview-frame[data-build="${id}"][aria-busy="false"]`).waitFor();
  return id;
}
