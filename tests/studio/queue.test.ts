// The queue position, on the page of somebody whose build waits for others.
import { expect, test } from "vitest";
import { LANGUAGES } from "../builder/languages.ts";
import { archiveOf } from "../e2e/programs.ts";
import { describeInBrowser, openTemplate } from "./browser.ts";

/** A program that keeps the compiler of C busy until its deployment is deleted. */
const ENDLESS = LANGUAGES.find(({ language }) => language === "c")!.endless!;

describeInBrowser("the studio", (world) => {
  interface Shown {
    readonly id: string;
    readonly message: string;
  }

  const deployments = async () =>
    (await world.platform.api<{ deployments: Shown[] }>("/api/v1/deployments")).deployments;

  /** Hands in two programs that never end building: the one that has the compiler, and the one behind it. */
  async function occupied(): Promise<[running: string, waiting: string]> {
    const headers = { "content-type": "application/x-tar", accept: "application/x-ndjson" };
    for (const _ of ["running", "waiting"]) {
      const answer = await fetch(`${world.platform.origin}/api/v1/deployments`, {
        method: "POST",
        headers,
        body: Buffer.from(archiveOf(ENDLESS)),
      });
      await answer.body?.cancel();
    }
    const inOrder = async () =>
      (await deployments()).sort((one, other) => (one.message < other.message ? -1 : 1));
    await expect
      .poll(async () => (await inOrder()).map(({ message }) => message), { timeout: 60_000 })
      .toEqual(["Compiling c", "Waiting for build (queue position 1)"]);
    const [running, waiting] = await inOrder();
    return [running!.id, waiting!.id];
  }

  const remove = (id: string) => world.platform.ask("", `/api/v1/deployments/${id}`, { method: "DELETE" });

  test(
    "shows and tells the queue position of a build that waits, " +
      "as it moves up, and deploys when its turn comes",
    async () => {
      const [first, second] = await occupied();
      const { page } = await world.openStudio();
      await openTemplate(page, "Empty C");
      await page.getByRole("button", { name: "Build & Deploy" }).first().click();
      const waiting = page.locator(".phase-running");
      const told = page.locator(".header > [role=status]");
      await waiting.getByText("Waiting for build (queue position 2)").waitFor();
      expect(await told.textContent()).toBe("Waiting for build (queue position 2)");
      await remove(first);
      await waiting.getByText("Waiting for build (queue position 1)").waitFor();
      await remove(second);
      await told.getByText("Live", { exact: true }).waitFor({ state: "attached" });
      await page.getByRole("tab", { name: "Build" }).click();
      expect(await page.getByRole("list", { name: "Phases" }).textContent()).not.toContain(
        "queue position 2",
      );
      await page.context().close();
    },
  );
});
