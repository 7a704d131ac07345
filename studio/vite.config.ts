import { defineConfig } from "vite";

// Languages of the editor are loaded when a file of theirs is opened; everything else is one page, one
// script, one style.
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome120", "firefox121", "safari17"],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
