// What a request for a file has to be answered with, by RFC 9110 and RFC 9111, read without our code.
import type { Site, SiteRequest } from "./random-sites.ts";

export interface Expected {
  readonly status: number;
  /** Of the file as it is, without coding; null: no body. */
  readonly body: Buffer | null;
}

/** The file that a path names: names that are one in Unicode are one. */
export function fileOf({ files }: Site, path: string): Buffer | undefined {
  const wanted = (path.endsWith("/") ? `${path}index.html` : path).normalize();
  return Object.entries(files).find(([name]) => name.normalize() === wanted)?.[1];
}

export function expectedAnswer(file: Buffer, request: SiteRequest): Expected {
  const status = conditionalStatus(request);
  if (status !== 200) return { status, body: null };
  const part = request.method === "GET" && mayBePart(request) ? request.range?.part(file.length) : null;
  if (part === "none") return { status: 416, body: null };
  if (part) return { status: 206, body: file.subarray(part[0], part[1]) };
  return { status: 200, body: request.method === "HEAD" ? null : file };
}

/** RFC 9110, section 13.2.2. */
function conditionalStatus({ conditions }: SiteRequest): number {
  const of = (name: string) => conditions.find((condition) => condition.name === name);
  const [match, noneMatch] = [of("if-match"), of("if-none-match")];
  const [since, unmodified] = [of("if-modified-since"), of("if-unmodified-since")];
  if (match ? !match.names?.strong : (unmodified?.distanceMs ?? 0) < 0) return 412;
  if (noneMatch) return noneMatch.names?.weak ? 304 : 200;
  return since?.distanceMs != null && since.distanceMs >= 0 ? 304 : 200;
}

function mayBePart({ conditions }: SiteRequest): boolean {
  const condition = conditions.find(({ name }) => name === "if-range");
  return condition === undefined || condition.distanceMs === 0;
}

/** RFC 9110, section 12.5.3: whether a coding may be sent to this client. */
export function isAcceptable(coding: string | undefined, lines: readonly string[]): boolean {
  if (coding === undefined) return true;
  const weights = new Map(
    lines
      .join(",")
      .toLowerCase()
      .split(",")
      .map((element) => element.trim())
      .filter((element) => element !== "")
      .map((element) => {
        const [what = "", ...parameters] = element.split(/\s*;\s*/);
        const weight = parameters.find((parameter) => parameter.startsWith("q="));
        return [
          what === "x-gzip" ? "gzip" : what,
          weight === undefined ? 1 : Number.parseFloat(weight.slice(2)),
        ];
      }),
  );
  return (weights.get(coding) ?? weights.get("*") ?? 0) > 0;
}
