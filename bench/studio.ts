// Figures of the studio in a real Chromium: what the first visit transfers, when it paints, and the time from pressing
// Build & Deploy to the preview's answer for each empty template, warm. Run: node bin/node26.mjs bench/studio.ts
import { Platform, temporaryFolder } from "../tests/e2e/platform.ts";
import { deploy, launchBrowser, openStudio, openTemplate } from "../tests/studio/browser.ts";

const ROUNDS = 5;
const TITLES = ["Empty WAT", "Empty AssemblyScript", "Empty C", "Empty Rust"].filter((title) => process.argv.length < 3 || process.argv.slice(2).includes(title));

using folder = temporaryFolder();
await using platform = await Platform.start(folder.path);
const browser = await launchBrowser();
try {
  const { page } = await openStudio(browser, platform.origin);
  await page.locator(".card").first().waitFor();
  await page.waitForLoadState("networkidle");
  const visit = await page.evaluate(`(() => {
    const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    return { requests: entries.length, transferredKb: entries.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000, firstPaintMs: paint.startTime };
  })()`);
  console.log("first visit", visit);
  await page.context().close();
  for (const title of TITLES) console.log(title, await timesOf(title));
} finally {
  await browser.close();
}

/** Milliseconds from the press to the load of the new build's answer, after one build that warms up; each round is another source. */
async function timesOf(title: string): Promise<{ readonly medianMs: number; readonly allMs: readonly number[] }> {
  const { page } = await openStudio(browser, platform.origin);
  await openTemplate(page, title);
  await deploy(page);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.insertText(title === "Empty WAT" ? `\n;; ${round}` : `\n// ${round}`);
    const shown = page.evaluate(`new Promise((resolve) => {
      const before = document.querySelector(".preview-frame")?.dataset.build;
      let pressed = 0;
      document.querySelector(".deploy").addEventListener("click", () => (pressed = performance.now()), { once: true, capture: true });
      const look = () => {
        const frame = document.querySelector(".preview-frame");
        if (frame === null || frame.dataset.build === before || frame.getAttribute("aria-busy") !== "false") return requestAnimationFrame(look);
        resolve(performance.now() - pressed);
      };
      look();
    })`) as Promise<number>;
    await page.locator(".deploy").click();
    times.push(Math.round(await shown));
  }
  await page.context().close();
  return { medianMs: times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0, allMs: times };
}
