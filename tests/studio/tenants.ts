// Tenants of a platform whose pages run in a browser, and a server elsewhere that belongs to none of them.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import type { Platform } from "../e2e/platform.ts";
import { archiveOf, type Sources } from "../e2e/programs.ts";
import { deploy, openStudio, openTemplate } from "./browser.ts";

/** A page with a script of its own. */
const PAGE =
  "<!doctype html><html lang=en><title>tenant</title><p>tenant</p><script src=/own.js></script></html>";

/** The least tenant with that page. */
export const TENANT: Sources = {
  "src/main.wat": '(module (func (export "run")))',
  "assets/index.html": PAGE,
  "assets/own.js": "globalThis.own = true",
};

/** Deploys to a platform, which may have another domain; the name that the deployment got. */
export async function deployed(platform: Platform, sources: Sources, domain = "localhost"): Promise<string> {
  const headers = { host: `${domain}:${platform.ready.httpPort}`, "content-type": "application/x-tar" };
  const answer = await platform.ask("", "/api/v1/deployments", {
    method: "POST",
    headers,
    body: archiveOf(sources),
  });
  return (JSON.parse(answer.text) as { deployment: { id: string } }).deployment.id;
}

/** Names of the live deployments. */
export async function deploymentsOf(platform: Platform): Promise<string[]> {
  const { deployments } = await platform.api<{ deployments: { id: string }[] }>("/api/v1/deployments");
  return deployments.map(({ id }) => id).sort();
}

/** The origin of a deployment. */
export function originOf(platform: Platform, id: string): string {
  return `http://${id}.localhost:${platform.ready.httpPort}`;
}

/** A page in a profile of its own. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** The studio, with a tenant's page in its preview. */
export async function openPreview(browser: Browser, origin: string) {
  const { page } = await openStudio(browser, origin);
  await openTemplate(page, "Empty WAT");
  await page.getByRole("button", { name: "New file" }).click();
  await page.getByLabel("Path of the new file").fill("assets/index.html");
  await page.keyboard.press("Enter");
  await page.getByRole("treeitem", { name: "index.html", selected: true }).waitFor();
  await page.locator(".cm-content").click();
  await page.keyboard.insertText(PAGE);
  const id = (await deploy(page)) ?? "nothing";
  const frame = page.frames().find((candidate) => candidate.url().includes(id));
  if (frame === undefined) throw new Error("the preview shows no deployment");
  await frame.locator("p").waitFor();
  return { page, frame, id };
}

/**
 * A server on this machine that is neither the platform nor a tenant. It lets every page read what it
 * answers.
 */
export class Elsewhere {
  readonly #server: Server;
  #arrival = Promise.withResolvers<string>();

  private constructor() {
    this.#server = createServer((request, response) => {
      response
        .writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/html" })
        .end("<p>elsewhere</p>");
      this.#arrival.resolve(request.url ?? "");
      this.#arrival = Promise.withResolvers<string>();
    });
  }

  static async start(): Promise<Elsewhere> {
    const elsewhere = new Elsewhere();
    elsewhere.#server.listen(0, "127.0.0.1");
    await once(elsewhere.#server, "listening");
    return elsewhere;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves with the path of the next request that arrives. */
  async asked(): Promise<string> {
    return await this.#arrival.promise;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
