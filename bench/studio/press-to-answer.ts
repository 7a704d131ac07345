// From pressing Build & Deploy to the new build's answer in the preview, in the page's own time.
import type { Browser } from "playwright-core";
import { deploy, openStudio, openTemplate } from "../../tests/studio/browser.ts";

const UNTIL_SHOWN = `new Promise((resolve) => {
  const before = document.querySelector(".preview-frame")?.dataset.build;
  let pressedMs = 0;
  const pressed = () => (pressedMs = performance.now());
  document.querySelector(".deploy").addEventListener("click", pressed, { once: true, capture: true });
  const look = () => {
    const frame = document.querySelector(".preview-frame");
    if (frame === null || frame.dataset.build === before || frame.getAttribute("aria-busy") !== "false")
      return requestAnimationFrame(look);
    resolve(performance.now() - pressedMs);
  };
  look();
})`;

/** Seconds of each round, after one build that warms up; each builds another source. */
export async function pressToAnswer(
  browser: Browser,
  origin: string,
  title: string,
  rounds: number,
): Promise<number[]> {
  const { page } = await openStudio(browser, origin);
  try {
    await openTemplate(page, title);
    if ((await deploy(page)) === null)
      throw new Error(`${title} was not built: ${await page.locator(".outcome").textContent()}`);
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await page.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.insertText(title === "Empty WAT" ? `\n;; ${round}` : `\n// ${round}`);
      const shown = page.evaluate(UNTIL_SHOWN) as Promise<number>;
      await page.locator(".deploy").click();
      seconds.push((await shown) / 1000);
    }
    return seconds;
  } finally {
    await page.context().close();
  }
}
