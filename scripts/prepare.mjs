// Builds the studio after `npm ci` in a checkout, so that `npm start` serves it. In an installed package
// there is nothing to build: it brings the built one. Plain JavaScript that Node 20 understands.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vite = join(root, "node_modules", "vite", "bin", "vite.js");

if (existsSync(join(root, "studio", "vite.config.ts")) && existsSync(vite)) {
  const { status } = spawnSync(
    process.execPath,
    [join(root, "bin", "node26.mjs"), vite, "build", "studio", "--logLevel", "warn"],
    { cwd: root, stdio: "inherit" },
  );
  if (status !== 0)
    process.stderr.write(
      "terrarium: the studio could not be built; everything else works. Try `npm run build:studio`.\n",
    );
}
