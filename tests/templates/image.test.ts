// The image proxy, deployed as it is, and once more with further images beside its photo. The pairs in
// images/ hold the same coefficients in baseline and in progressive form, so a decoder that reads both right
// makes the same pixels of them.
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../e2e/platform.ts";
import { platformForTests, templateFolder } from "./platform.ts";

const IMAGES = join(import.meta.dirname, "images");
const PAIRS = { halved: [61, 43], wide: [64, 40], grey: [37, 50], full: [33, 31] } as const;

const platform = platformForTests();
let id = "";
beforeAll(async () => {
  using folder = temporaryFolder();
  cpSync(templateFolder("image"), folder.path, { recursive: true });
  for (const file of readdirSync(IMAGES)) cpSync(join(IMAGES, file), join(folder.path, "assets", file));
  ({ id } = await platform().deploy(folder.path));
});
const ask = (path: string) => platform().ask(id, path);

/** Width and height out of the frame header (T.81, B.2.2), whichever process it names. */
function sizeOf(jpeg: Buffer): [number, number] {
  expect(jpeg.subarray(0, 2).toString("hex")).toBe("ffd8");
  expect(jpeg.subarray(-2).toString("hex")).toBe("ffd9");
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg.readUInt16BE(at);
    if (marker === 0xffc0 || marker === 0xffc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  throw new Error("no frame header");
}

describe("the image template", () => {
  it("works as its folder is, over HTTP and over HTTPS, and keeps what it made", async () => {
    const { id: plain } = await platform().deploy(templateFolder("image"));
    const miss = await platform().ask(plain, "/?width=60&sharpening=1");
    expect([miss.status, miss.headers["content-type"], miss.headers["x-cache"]]).toEqual([
      200,
      "image/jpeg",
      "miss",
    ]);
    expect(sizeOf(miss.body)).toEqual([60, 40]);
    const hit = await platform().ask(plain, "/?width=60&sharpening=1");
    expect([hit.status, hit.headers["content-type"], hit.headers["x-cache"]]).toEqual([
      200,
      "image/jpeg",
      "hit",
    ]);
    expect(hit.body.equals(miss.body)).toBe(true);
    const secure = await platform().ask(plain, "/?width=90", { secure: true });
    expect([secure.status, secure.headers["x-cache"], sizeOf(secure.body)]).toEqual([200, "miss", [90, 60]]);
    expect((await platform().ask(plain, "/demo.html")).headers["content-type"]).toMatch(/^text\/html/);
    expect(sizeOf((await platform().ask(plain, "/photo.jpg")).body)).toEqual([1200, 800]);
  });

  it.each<[string, [number, number]]>([
    ["/?width=120", [120, 80]],
    ["/?height=20", [30, 20]],
    ["/?width=33&height=77", [33, 77]],
    ["/?width=&height=40&sharpening=", [60, 40]],
    ["/?width=1", [1, 1]],
    ["/", [1200, 800]],
  ])("answers %s with an image of %j", async (path, size) => {
    const { status, body } = await ask(path);
    expect([status, sizeOf(body)]).toEqual([200, size]);
  });

  it("sharpens: the more, the more detail there is to encode", async () => {
    const sizes = [];
    for (const sharpening of [0, 1, 5])
      sizes.push((await ask(`/?width=200&sharpening=${sharpening}`)).body.length);
    expect(sizes[1]).toBeGreaterThan(sizes[0]!);
    expect(sizes[2]).toBeGreaterThan(sizes[1]!);
  });

  it("replaces kept images instead of filling the store", async () => {
    for (let width = 20; width < 170; width++)
      expect((await ask(`/resize/grey-baseline.jpg?width=${width}`)).status).toBe(200);
    const { usage } = await platform().api<{ usage: { keys: number } }>(`/api/v1/deployments/${id}/kv`);
    expect(usage.keys).toBeGreaterThan(48);
    expect(usage.keys).toBeLessThanOrEqual(96);
  });

  it.each(Object.entries(PAIRS))(
    "makes the same of a progressive image as of its baseline twin: %s",
    async (name, size) => {
      const [baseline, progressive] = [
        await ask(`/resize/${name}-baseline.jpg`),
        await ask(`/resize/${name}-progressive.jpg`),
      ];
      expect([baseline.status, progressive.status]).toEqual([200, 200]);
      expect(sizeOf(progressive.body)).toEqual(size);
      expect(progressive.body.equals(baseline.body)).toBe(true);
    },
  );

  it.each([
    ["/?width=0", 400],
    ["/?width=4097", 400],
    ["/?width=abc", 400],
    ["/?width=12x", 400],
    ["/?width=nan", 400],
    ["/?width=4096&height=4096", 400],
    ["/?sharpening=11", 400],
    ["/?sharpening=-1", 400],
    ["/nothing", 404],
    ["/resize/nothing.jpg", 404],
    [`/resize/${"n".repeat(300)}.jpg`, 404],
    ["/resize/demo.html", 422],
    // In proportion, this width makes more pixels than there may be.
    ["/resize/grey-baseline.jpg?width=4000", 422],
  ])("answers %s with %i and a sentence", async (path, status) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers["content-type"]]).toEqual([status, "text/plain; charset=utf-8"]);
    expect(answer.text.length).toBeGreaterThan(10);
  });
});
