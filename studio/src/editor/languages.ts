// Languages of the editor, each loaded when the first file of it is opened.
import { type LanguageSupport, StreamLanguage } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import type { SyntaxName } from "../project/paths.ts";

const LOADERS: Readonly<Record<Exclude<SyntaxName, "plain">, () => Promise<LanguageSupport | Extension>>> = {
  rust: async () => (await import("@codemirror/lang-rust")).rust(),
  c: async () => (await import("@codemirror/lang-cpp")).cpp(),
  typescript: async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true }),
  javascript: async () => (await import("@codemirror/lang-javascript")).javascript(),
  wat: async () => (await import("@codemirror/lang-wast")).wast(),
  markdown: async () => (await import("@codemirror/lang-markdown")).markdown(),
  html: async () => (await import("@codemirror/lang-html")).html(),
  css: async () => (await import("@codemirror/lang-css")).css(),
  json: async () => (await import("@codemirror/lang-json")).json(),
  toml: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/toml")).toml),
};

/** The language's extension; nothing for plain text, or if it cannot be loaded. */
export async function languageFor(syntax: SyntaxName): Promise<Extension> {
  return syntax === "plain" ? [] : await LOADERS[syntax]().catch(() => []);
}
