// A custom section for a module that is otherwise left alone.
import { SECTION } from "../reading/sections.ts";
import { ByteWriter } from "./byte-writer.ts";

/** The module with a further custom section at its end. */
export function appendCustomSection(wasm: Uint8Array, name: string, contents: Uint8Array): Uint8Array {
  const payload = new ByteWriter(contents.length + 64).name(name).bytes(contents);
  return new ByteWriter(wasm.length + payload.length + 16)
    .bytes(wasm)
    .byte(SECTION.custom)
    .unsigned(payload.length)
    .bytes(payload.view())
    .view();
}
