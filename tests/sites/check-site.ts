// One random request to a real edge, over HTTP/1.1 and HTTP/2, against what it has to be answered with.
import * as fc from "fast-check";
import type { ClientHttp2Session } from "node:http2";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { ask, askHttp2, DOMAIN, openHttp2, respond, type TestEdge } from "../edge/edge-fixture.ts";
import type { HttpAnswer } from "../http/ask.ts";
import { expectedAnswer, fileOf, isAcceptable } from "./expected-answer.ts";
import { randomRequest, randomSite, type Site, type SiteRequest } from "./random-sites.ts";

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};

/** Deploys the site of a seed, asks for its files, and reports wrong answers. */
export async function checkSite(
  test: TestEdge,
  seed: number,
  numRuns: number,
  report: (problem: string) => void,
): Promise<void> {
  const id = `site-${seed}`;
  const [site = { files: {} }] = fc.sample(randomSite, { numRuns: 1, seed });
  await test.deploy(id, () => respond(200, "program"), { assets: site.files });
  const session = openHttp2(test, id);
  for (const request of fc.sample(randomRequest(site), { numRuns, seed })) {
    const problem = await siteProblem(test, session, id, site, request);
    if (problem !== null) report(`${problem}: ${JSON.stringify(request)}`);
  }
  session.close();
}

/** What is wrong with the answer to a request, or null. */
async function siteProblem(
  test: TestEdge,
  session: ClientHttp2Session,
  id: string,
  site: Site,
  request: SiteRequest,
): Promise<string | null> {
  const file = fileOf(site, request.path);
  const negotiation: Record<string, string[]> =
    request.acceptEncoding.length === 0 ? {} : { "accept-encoding": [...request.acceptEncoding] };
  const whole = await ask(test, id, request.target, { headers: request.range === null ? negotiation : {} });
  if (file === undefined) return notThere(site, request, whole);
  if (whole.status !== 200) return `status ${whole.status} for the file itself`;
  const etag = whole.headers.etag ?? "";
  const modifiedMs = Date.parse(whole.headers["last-modified"] ?? "");
  const headers: Record<string, string[]> = { ...negotiation };
  if (request.range !== null) headers["range"] = [request.range.text];
  for (const { name, lines } of request.conditions) headers[name] = [...lines(etag, modifiedMs)];
  const answer = await ask(test, id, request.target, { method: request.method, headers });
  const expected = expectedAnswer(file, request);
  return (
    wrongAnswer(answer, expected.status, expected.body, request) ??
    different(answer, await overHttp2(session, id, request, headers))
  );
}

/** A path that is no file's is the program's, or leads to a folder with an index. */
function notThere(site: Site, { path }: SiteRequest, { status, headers, text }: HttpAnswer): string | null {
  if (fileOf(site, `${path}/`) === undefined || path.endsWith("/"))
    return text.startsWith("program") ? null : `status ${status} for what is not there`;
  return status === 301 && headers.location?.startsWith("/") === true
    ? null
    : `status ${status} for a folder`;
}

function wrongAnswer(
  { status, headers, body }: HttpAnswer,
  expected: number,
  wanted: Buffer | null,
  { acceptEncoding }: SiteRequest,
): string | null {
  if (status !== expected) return `status ${status} instead of ${expected}`;
  const coding = headers["content-encoding"];
  if (!isAcceptable(coding, acceptEncoding)) return `content-encoding ${coding}, which was not accepted`;
  if (status === 206 && coding !== undefined) return "a range of an encoded body";
  if (wanted === null) return body.length === 0 ? null : `a body of ${body.length} bytes`;
  const plain = coding === undefined ? body : DECODERS[coding]?.(body);
  return plain?.equals(wanted) === true ? null : "other bytes than the file's";
}

async function overHttp2(
  session: ClientHttp2Session,
  id: string,
  { method, target }: SiteRequest,
  headers: Readonly<Record<string, string[]>>,
): Promise<HttpAnswer> {
  const authority = `${id}.${DOMAIN}`;
  return await askHttp2(session, { ":method": method, ":path": target, ":authority": authority, ...headers });
}

const COMPARED = [
  "etag",
  "last-modified",
  "content-type",
  "content-encoding",
  "content-range",
  "vary",
  "location",
];

function different(one: HttpAnswer, two: HttpAnswer): string | null {
  if (one.status !== two.status) return `status ${two.status} over HTTP/2 instead of ${one.status}`;
  const name = COMPARED.find((header) => one.headers[header] !== two.headers[header]);
  if (name !== undefined)
    return `${name} "${two.headers[name]}" over HTTP/2 instead of "${one.headers[name]}"`;
  return one.body.equals(two.body) ? null : "another body over HTTP/2";
}
