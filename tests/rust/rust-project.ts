// Rust projects as tests write them.
import { join } from "node:path";
import { readFolder } from "../../src/project/index.ts";
import type { ProjectFiles } from "../../src/project/index.ts";

/** A project of text files. */
export function rustProject(sources: Readonly<Record<string, string>>): ProjectFiles {
  return new Map(Object.entries(sources).map(([name, text]) => [name, Buffer.from(text)]));
}

/** A program of today whose function is `body`: it gets `request` and gives a `Response<String>`. */
export function rustProgram(body: string, more = ""): ProjectFiles {
  return rustProject({
    "src/lib.rs":
      `use http_guest::{Request, Response, guest_app};\n\n${more}\nfn answer(request: ` +
      `&Request<Vec<u8>>) -> Response<String> {\n    let _ = request;\n${body}\n}\n\nguest_app!(answer);\n`,
  });
}

/** A folder of the repository, by its path from the root. */
export function folder(path: string): Promise<ProjectFiles> {
  return readFolder(join(import.meta.dirname, "../..", path));
}
