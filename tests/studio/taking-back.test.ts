// What users can undo: a deleted file, a running build.
import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { LANGUAGES } from "../builder/languages.ts";
import { deploy, describeInBrowser, openTemplate } from "./browser.ts";

const ENDLESS = LANGUAGES.find(({ language }) => language === "c")?.endless?.["src/main.c"] ?? "";

describeInBrowser("taking back", (world) => {
  async function openWith(title: string, text: string): Promise<Page> {
    const { page } = await world.openStudio();
    await openTemplate(page, title);
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
    return page;
  }

  test("the notice's button restores a deleted file with its text and tab, as deployed", async () => {
    const page = await openWith("Empty WAT", '(module (func (export "run")) (; kept ;))');
    await deploy(page);
    const status = page.getByRole("status").filter({ hasText: "Deleted main.wat." });
    await page.getByRole("treeitem", { name: "main.wat" }).focus();
    await page.keyboard.press("Delete");
    await page.getByRole("treeitem", { name: "main.wat" }).waitFor({ state: "detached" });
    await status.getByRole("button", { name: "Undo" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".cm-content", { hasText: "kept" }).waitFor();
    await page.getByRole("tab", { name: "main.wat", selected: true }).waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toBe("main.wat");
    expect(await page.locator(".preview-state").count()).toBe(0);
    await page.context().close();
  });

  test("Ctrl+Z in the tree restores a deleted folder, and keeps a newer file of that name", async () => {
    const page = await openWith("Empty WAT", "(module)");
    const make = async (name: string) => {
      await page.getByRole("button", { name: "New file" }).click();
      await page.getByLabel("Path of the new file").fill(name);
      await page.keyboard.press("Enter");
      await page.getByRole("tab", { name: name.replace(/.*\//, ""), selected: true }).waitFor();
    };
    for (const name of ["assets/one.txt", "assets/two.txt"]) await make(name);
    await page.locator(".cm-content").click();
    await page.keyboard.insertText("old");
    await page.getByRole("treeitem", { name: "assets" }).focus();
    await page.keyboard.press("Delete");
    await page.getByRole("treeitem", { name: "assets" }).waitFor({ state: "detached" });
    await make("assets/two.txt");
    await page.locator(".cm-content").click();
    await page.keyboard.insertText("new");
    await page.getByRole("treeitem", { name: "two.txt" }).focus();
    await page.keyboard.press("ControlOrMeta+z");
    await page.getByRole("treeitem", { name: "one.txt" }).waitFor();
    expect(await page.locator(".cm-content").textContent()).toBe("new");
    await page.context().close();
  });

  test("a project deleted from the list comes back, and the open one stays the open one", async () => {
    const page = await openWith("Empty WAT", "(module)");
    const gallery = () => page.getByRole("button", { name: "Templates" }).click();
    await gallery();
    await page.locator(".card", { hasText: "Empty C" }).click();
    await page.getByRole("treeitem", { name: "main.c" }).waitFor();
    await gallery();
    await page.getByRole("button", { name: "Delete empty-wat" }).click();
    const status = page.getByRole("status").filter({ hasText: "Deleted empty-wat." });
    await page.getByRole("button", { name: "Delete empty-wat" }).waitFor({ state: "detached" });
    await status.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Delete empty-wat" }).waitFor();
    await page.reload();
    await page.getByRole("treeitem", { name: "main.c" }).waitFor();
    await page.context().close();
  });

  test.runIf(process.platform === "linux")(
    "stopping a build ends its compiler, and the next build of the page goes live",
    async () => {
      const page = await openWith("Empty C", ENDLESS);
      await page.getByRole("button", { name: "Build & Deploy" }).first().click();
      await vi.waitFor(() => expect(compilersOf(world.platform.launcher.pid)).toHaveLength(1), {
        timeout: 60_000,
        interval: 50,
      });
      const [compiler] = compilersOf(world.platform.launcher.pid);
      await page.getByRole("button", { name: "Stop the build" }).click();
      await page.getByRole("alert").getByText("Build stopped").waitFor();
      await vi.waitFor(() => expect(compilersOf(world.platform.launcher.pid)).not.toContain(compiler), {
        timeout: 20_000,
        interval: 50,
      });
      await vi.waitFor(
        async () =>
          expect(
            (
              await world.platform.api<{ deployments: { name: string }[] }>("/api/v1/deployments")
            ).deployments.map(({ name }) => name),
          ).not.toContain("empty-c"),
        { timeout: 20_000 },
      );
      await page.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText("void run(void) {}\n");
      expect(await deploy(page)).not.toBeNull();
      await page.context().close();
    },
  );
});

/** Process ids of clang's hosts below a process. */
function compilersOf(root: number | undefined): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(name));
  const isBelow = (pid: number): boolean => pid === root || (pid > 1 && isBelow(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(
    (pid) =>
      isBelow(pid) && /worker\/main\.[jt]s\0[^\0]*\/languages\/c\//.test(textOf(`/proc/${pid}/cmdline`)),
  );
}

/** The fourth field, after a name in parentheses that may hold anything. */
function parentOf(pid: string): number {
  return Number(/\) \S (\d+) /.exec(textOf(`/proc/${pid}/stat`))?.[1] ?? 0);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Gone between the listing and the look.
    return "";
  }
}
