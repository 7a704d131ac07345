// Cookies of tenants in a browser. Under `localhost` a browser keeps every cookie to its own host by itself,
// so these tests run under a domain where it would hand a cookie with a Domain attribute to all siblings.
import { expect, test } from "vitest";
import type { Sources } from "../e2e/programs.ts";
import { describeWith } from "./browser.ts";
import { deployed } from "./tenants.ts";

const DOMAIN = "tenants.test";
const UNDER_DOMAIN = {
  serveArguments: ["--domain", DOMAIN],
  browserFlags: () => [`--host-resolver-rules=MAP *.${DOMAIN} 127.0.0.1, MAP ${DOMAIN} 127.0.0.1`],
};

/** Answers every request with one cookie. */
function settingCookie(cookie: string): Sources {
  return {
    "src/main.wat": `(module
      (import "env" "hostcall_resp_set_header" (func $header (param i32 i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "set-cookie")
      (data (i32.const 128) "${cookie}")
      (func (export "run")
        (i32.store (i32.const 64) (i32.const 128))
        (i32.store (i32.const 68) (i32.const ${cookie.length}))
        (drop (call $header (i32.const 0) (i32.const 0) (i32.const 10) (i32.const 64) (i32.const 1)))))`,
  };
}

describeWith(UNDER_DOMAIN, "a cookie of a tenant", (world) => {
  const urlOf = (host: string) => `http://${host}:${world.platform.ready.httpPort}/`;

  test.each([`own=1; Path=/`, `wide=1; Domain=${DOMAIN}; Path=/`, `dotted=1; path=/; domain=.${DOMAIN}`])(
    "%s goes to that tenant alone",
    async (cookie) => {
      const id = await deployed(world.platform, settingCookie(cookie), DOMAIN);
      const context = await world.browser.newContext();
      const page = await context.newPage();
      await page.goto(urlOf(`${id}.${DOMAIN}`));
      const namesAt = async (host: string) => (await context.cookies(urlOf(host))).map(({ name }) => name);
      const name = cookie.slice(0, cookie.indexOf("="));
      expect([
        await namesAt(`${id}.${DOMAIN}`),
        await namesAt(`other.${DOMAIN}`),
        await namesAt(DOMAIN),
      ]).toEqual([[name], [], []]);
      await context.close();
    },
  );

  test("is none of the studio's: it and its API set and read none", async () => {
    const context = await world.browser.newContext();
    const page = await context.newPage();
    const sent: string[] = [];
    page.on(
      "response",
      (response) =>
        void response.allHeaders().then((headers) => "set-cookie" in headers && sent.push(response.url())),
    );
    await page.goto(urlOf(DOMAIN));
    await page.locator(".card").first().waitFor();
    expect([await context.cookies(), sent]).toEqual([[], []]);
    await context.close();
  });
});
