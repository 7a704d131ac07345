// Files of a project in the tree: moved by dragging, brought in from outside, taken out as a tar.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { readArchive } from "../../src/project/index.ts";
import { DEFAULT_LIMITS } from "../../src/config/limits.ts";
import { deploy, describeInBrowser, openTemplate } from "./browser.ts";

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const PAGE = {
  name: "page.html",
  mimeType: "text/html",
  buffer: Buffer.from("<!doctype html><p>überall</p>"),
};
const PICTURE = { name: "pixel.png", mimeType: "image/png", buffer: PIXEL };

describeInBrowser("files of a project", (world) => {
  async function openProject(): Promise<Page> {
    const { page } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    return page;
  }

  const row = (page: Page, path: string) => page.locator(`[role=treeitem][title="${path}"]`);

  async function upload(page: Page, ...files: (typeof PAGE)[]): Promise<void> {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Upload files" }).click(),
    ]);
    expect(chooser.isMultiple()).toBe(true);
    await chooser.setFiles(files);
  }

  /** Drops files of the person's machine onto a row. */
  async function dropFiles(page: Page, path: string, files: readonly (typeof PAGE)[]): Promise<void> {
    const plain = JSON.stringify(
      files.map(({ name, mimeType, buffer }) => [name, mimeType, buffer.toString("base64")]),
    );
    const dataTransfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      for (const [name, type, base64] of ${plain}) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
      }
      return transfer;
    })()`);
    await row(page, path).dispatchEvent("drop", { dataTransfer });
  }

  async function download(page: Page): Promise<{
    readonly name: string;
    readonly path: string;
    readonly files: ReadonlyMap<string, Uint8Array>;
  }> {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download as tar" }).click(),
    ]);
    const path = await file.path();
    return { name: file.suggestedFilename(), path, files: readArchive(readFileSync(path), DEFAULT_LIMITS) };
  }

  test("are dragged into a folder and out of it, and stay where they were if the name is taken", async () => {
    const page = await openProject();
    await upload(page, PAGE);
    await row(page, "src/page.html").waitFor();
    await row(page, "src/page.html").dragTo(row(page, "README.md"));
    await row(page, "page.html").waitFor();
    expect(await row(page, "src/page.html").count()).toBe(0);
    await row(page, "page.html").dragTo(row(page, "src"));
    await row(page, "src/page.html").waitFor();
    await upload(page, { ...PAGE, name: "README.md" });
    await row(page, "src/README.md").waitFor();
    await row(page, "src/README.md").dragTo(row(page, "README.md"));
    await page.getByText("README.md exists already").waitFor();
    expect([await row(page, "src/README.md").count(), await row(page, "README.md").count()]).toEqual([1, 1]);
    await page.context().close();
  });

  test("are moved with their folder, and no folder into itself", async () => {
    const page = await openProject();
    await page.getByRole("button", { name: "New file" }).click();
    await page.getByLabel("Path of the new file").fill("assets/deep/page.html");
    await page.keyboard.press("Enter");
    await row(page, "assets/deep").waitFor();
    await row(page, "assets").dragTo(row(page, "assets/deep"));
    await page.getByText("Cannot move a folder into itself").waitFor();
    await row(page, "assets/deep").dragTo(row(page, "README.md"));
    await row(page, "deep/page.html").waitFor();
    expect(await row(page, "assets/deep/page.html").count()).toBe(0);
    await page.context().close();
  });

  test("are dropped in from outside, shown and served", async () => {
    const page = await openProject();
    await page.getByRole("button", { name: "New file" }).click();
    await page.getByLabel("Path of the new file").fill("assets/index.html");
    await page.keyboard.press("Enter");
    await row(page, "assets/index.html").waitFor();
    await dropFiles(page, "assets", [PICTURE, PAGE]);
    await row(page, "assets/pixel.png").click();
    await page.getByText("1 × 1").waitFor();
    const id = await deploy(page);
    const [picture, text] = [
      await world.platform.ask(id ?? "", "/pixel.png"),
      await world.platform.ask(id ?? "", "/page.html"),
    ];
    expect([picture.headers["content-type"], picture.body.equals(PIXEL), text.text]).toEqual([
      "image/png",
      true,
      PAGE.buffer.toString(),
    ]);
    await page.context().close();
  });

  test("are refused where their name cannot be deployed, by name", async () => {
    const page = await openProject();
    await dropFiles(page, "README.md", [{ ...PAGE, name: ".env" }]);
    await page.getByText(".env: Names that start with a dot are not deployed").waitFor();
    expect(await row(page, ".env").count()).toBe(0);
    await page.context().close();
  });

  test("are downloaded as a tar that the platform and tar read, byte for byte", async () => {
    const page = await openProject();
    const long = `${"ü".repeat(90)}.txt`;
    await upload(page, PICTURE, { ...PAGE, name: long });
    await row(page, `src/${long}`).waitFor();
    const { name, path, files } = await download(page);
    expect(name).toMatch(/\.tar$/);
    expect([...files.keys()].sort()).toEqual(
      ["README.md", "src/main.wat", "src/pixel.png", `src/${long}`].sort(),
    );
    expect(
      [files.get("src/pixel.png"), files.get(`src/${long}`)].map((bytes) => Buffer.from(bytes ?? [])),
    ).toEqual([PIXEL, PAGE.buffer]);
    await row(page, "src/main.wat").click();
    expect(Buffer.from(files.get("src/main.wat") ?? []).toString()).toContain(
      ((await page.locator(".cm-line").first().textContent()) ?? "").trim(),
    );
    const listed = execFileSync("tar", ["-tf", path, "--quoting-style=literal"], {
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    }).toString();
    expect(listed.trim().split("\n").sort()).toEqual([...files.keys()].sort());
    await page.context().close();
  });
});
