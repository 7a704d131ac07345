// One first visit to the studio, in a profile of its own, on a slow machine and network: when it paints, how
// long it is busy, how much moves, what it transfers. The measures and the conditions are those that
// Lighthouse uses for phones.
import type { Browser, Page } from "playwright-core";

/** Times slower than this machine. */
export const CPU_SLOWDOWN = 4;
/** "Slow 4G": a round trip, and 1.6 and 0.75 Mbit/s in bytes a second. */
export const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 200_000,
  uploadThroughput: 93_750,
};
/** What a task may take before it counts as blocking. */
const UNNOTICED_MS = 50;

/** One visit. Times count from the start of the navigation. */
export interface Visit {
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  /** What tasks after the first paint took beyond 50 ms each, until the page was at rest. */
  readonly blockingMs: number;
  /** Sum of all layout shifts. */
  readonly shift: number;
  readonly requests: number;
  /** Headers and compressed bodies. */
  readonly transferredKb: number;
}

const OBSERVE = `(() => {
  const seen = (globalThis.observed = { largestPaintMs: 0, shift: 0, tasks: [] });
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch("largest-contentful-paint", ({ startTime }) => (seen.largestPaintMs = startTime));
  watch("layout-shift", ({ value, hadRecentInput }) => (seen.shift += hadRecentInput ? 0 : value));
  watch("longtask", ({ startTime, duration }) => seen.tasks.push({ startMs: startTime, ms: duration }));
})()`;

const READ = `(() => {
  const entries = ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type));
  return {
    ...globalThis.observed,
    firstPaintMs: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    requests: entries.length,
    transferredKb: entries.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000,
  };
})()`;

type Observed = Omit<Visit, "blockingMs"> & {
  readonly tasks: readonly { readonly startMs: number; readonly ms: number }[];
};

/** Visits once. */
export async function visit(browser: Browser, origin: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 } });
  try {
    const page = await context.newPage();
    await slowDown(page);
    await page.addInitScript(OBSERVE);
    await page.goto(origin);
    await page.locator(".card").first().waitFor();
    await page.waitForLoadState("networkidle");
    const { tasks, ...rest } = (await page.evaluate(READ)) as Observed;
    const blocking = tasks
      .filter(({ startMs }) => startMs >= rest.firstPaintMs)
      .map(({ ms }) => Math.max(0, ms - UNNOTICED_MS));
    return { ...rest, blockingMs: blocking.reduce((sum, ms) => sum + ms, 0) };
  } finally {
    await context.close();
  }
}

async function slowDown(page: Page): Promise<void> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send("Network.enable");
  await protocol.send("Network.emulateNetworkConditions", NETWORK);
  await protocol.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
}
