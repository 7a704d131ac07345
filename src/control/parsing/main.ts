// Entry of the parsing process. It is given what strangers send and may die of it.
import { DEPLOY, POST_DEPLOY } from "../../api/index.ts";
import { detectLanguage } from "../../builder/detect-language.ts";
import { readManifest } from "../../builder/manifest.ts";
import { toWire } from "../../errors/index.ts";
import { readArchive } from "../../project/index.ts";
import { inspectModule } from "../../wasm/index.ts";
import { decodeArchive } from "./base64.ts";
import type { ParsedProject, ParseJobs, ParseReply, ParseRequest } from "./jobs.ts";
import { parseJson } from "./json.ts";
import { validate } from "./validate.ts";

process.on("message", (request: ParseRequest) => process.send?.(answer(request)));
process.on("disconnect", () => process.exit());

function answer(request: ParseRequest): ParseReply {
  try {
    return { kind: "parsed", output: parse(request) };
  } catch (error) {
    return { kind: "refused", error: toWire(error) };
  }
}

function parse(request: ParseRequest): ParseJobs[ParseRequest["name"]]["output"] {
  switch (request.name) {
    case "deploy-request": {
      const { tar, lang, options, name, ttl } = validate(DEPLOY.body, parseJson(request.input.json), "body");
      const fields = { lang: lang ?? null, options: options ?? null, name: name ?? null, ttl: ttl ?? null };
      return { ...fields, archive: decodeArchive(tar) };
    }
    case "protocol-request": {
      const { tar, lang, options } = validate(POST_DEPLOY.body, parseJson(request.input.json), "body");
      const fields = { lang: lang ?? null, options: options ?? null, name: null, ttl: null };
      return { ...fields, archive: decodeArchive(tar) };
    }
    case "project":
      return project(request.input);
    case "module":
      return inspectModule(request.input.wasm);
  }
}

function project({ archive, limits, asked = null, hint }: ParseJobs["project"]["input"]): ParsedProject {
  const files = readArchive(archive, limits);
  const manifest = readManifest(files);
  return {
    files,
    manifest,
    language: detectLanguage(files, { asked: asked ?? manifest.language ?? null, hint }),
  };
}
