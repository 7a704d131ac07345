// Files from the person's machine into the project.
import { notify } from "../parts/toasts.tsx";
import { contentOf } from "../project/content.ts";
import { cleanPath } from "../project/paths.ts";
import { openFile, writeFile } from "../project/workspace.ts";

const MAX_FILE_BYTES = 16_000_000;

/** Reads the files and writes them below the folder (empty: the top). */
export async function upload(files: Iterable<File>, folder: string): Promise<void> {
  for (const file of files) {
    const cleaned = cleanPath(
      `${folder}/${file.webkitRelativePath === "" ? file.name : file.webkitRelativePath}`,
    );
    if ("problem" in cleaned) notify(`${file.name}: ${cleaned.problem}`, "error");
    else if (file.size > MAX_FILE_BYTES) notify(`${file.name} is too large`, "error");
    else {
      writeFile(cleaned.path, contentOf(new Uint8Array(await file.arrayBuffer())));
      openFile(cleaned.path);
    }
  }
}

/** Asks for files. */
export function chooseFiles(folder: string): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.addEventListener("change", () => void upload(input.files ?? [], folder), { once: true });
  input.click();
}
