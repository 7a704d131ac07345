// What the gallery says before anything is deployed.
import { expect, test } from "vitest";
import { isToolchainMissing, rustState } from "../../src/languages/rust/index.ts";
import { describeInBrowser } from "./browser.ts";

const MISSING = {
  language: "rust",
  available: false,
  detail: "No Rust toolchain was found: Rust programs cannot be built",
  fix: "apt-get install rustc",
};

describeInBrowser("the gallery", (world) => {
  test("the server tells whether it can build Rust", async () => {
    const { languages } = await world.platform.api<{ languages: { language: string; available: boolean }[] }>(
      "/api/v1/languages",
    );
    expect(languages.find(({ language }) => language === "rust")?.available).toBe(
      !isToolchainMissing((await rustState()).toolchain),
    );
  });

  test("templates in a language that the server cannot build say so, and how to fix it", async () => {
    const { page } = await world.openStudio();
    await page.route("**/api/v1/languages", (route) =>
      route.fulfill({
        json: {
          languages: [
            MISSING,
            { language: "wat", available: true, detail: "comes with Terrarium", fix: null },
          ],
        },
      }),
    );
    await page.reload();
    const rust = page.locator(".card", { hasText: "Empty Rust" });
    await rust.getByText("Rust programs cannot be built. On the server: apt-get install rustc").waitFor();
    expect(await page.locator(".card", { hasText: "Empty WAT" }).textContent()).not.toContain(
      "On the server",
    );
    await page.context().close();
  });
});
