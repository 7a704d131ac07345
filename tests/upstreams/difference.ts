// How a program's reading of a reply differs from curl's: what curl accepts, programs get.
import { EXCEPTIONS } from "./exceptions.ts";
import { byCurl, byProgram, type ReplyServer, type Understood } from "./replies.ts";

/** The difference as text; null if there is none, or if it is one of the exceptions. */
export async function differenceFromCurl(
  server: ReplyServer,
  reply: string | Uint8Array,
): Promise<string | null> {
  server.serve(reply);
  const [program, curl] = [await byProgram(server.url()), await byCurl(server.url())];
  // What curl refuses, a program may get all the same.
  if ("failure" in curl) return null;
  if ("failure" in program) {
    const { failure } = program;
    return EXCEPTIONS.some(({ reason }) => reason.test(failure)) ? null : `programs fail: ${failure}`;
  }
  return differenceOf(program.reply, curl.reply);
}

function differenceOf(program: Understood, curl: Understood): string | null {
  if (program.status !== curl.status) return `status ${program.status} instead of ${curl.status}`;
  if (program.body !== curl.body) return "another body";
  // curl writes bytes beyond ASCII in a JSON of its own, and there may lose a header with a blank before ":".
  return program.x === curl.x || curl.x === null || /[^ -~]/.test(program.x ?? "")
    ? null
    : "another value of a header";
}
