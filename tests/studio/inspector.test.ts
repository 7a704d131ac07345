// The inspector: what it tells of requests that files answered, of calls that found nothing, and of traps.
import { expect, test } from "vitest";
import { deploy, describeInBrowser, openTemplate } from "./browser.ts";

/** Asks for the addresses of what is no host name, and traps. */
const LOOKING_AND_TRAPPING = `(module
  (import "env" "hostcall_dns_query_ip" (func $query (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "not..a.name")
  (func (export "run")
    (drop (call $query (i32.const 0) (i32.const 4) (i32.const 64) (i32.const 11) (i32.const 0)))
    unreachable))`;

describeInBrowser("the inspector", (world) => {
  test("distinguishes files from runs, and shows failed DNS calls and a trap's response", async () => {
    const { page, errors } = await world.openStudio();
    await openTemplate(page, "Empty WAT");
    await page.getByRole("button", { name: "New file" }).click();
    await page.getByLabel("Path of the new file").fill("assets/file.txt");
    await page.keyboard.press("Enter");
    await page.getByRole("treeitem", { name: "main.wat" }).click();
    await page.locator(".cm-content", { hasText: "module" }).click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(LOOKING_AND_TRAPPING);
    const id = await deploy(page);
    expect(id).not.toBeNull();
    await page.getByRole("tab", { name: "Inspector" }).click();
    const record = page.locator(".record");
    await record.locator(".call-note", { hasText: "name" }).waitFor();
    expect(await record.locator(".fault").textContent()).toContain("TER_GUEST_TRAP");
    const answer = await world.platform.ask(id ?? "", "/?again");
    const again = page.locator(".record-row", { hasText: "/?again" });
    await again.click();
    expect(
      await record.locator("dt", { hasText: "Out" }).locator("xpath=following-sibling::dd").textContent(),
    ).toBe(`${answer.body.length} B`);
    await world.platform.ask(id ?? "", "/file.txt");
    const file = page.locator(".record-row", { hasText: "/file.txt" });
    await file.click();
    expect(await file.textContent()).toContain("asset");
    expect(await record.textContent()).toContain("the program did not run");
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
