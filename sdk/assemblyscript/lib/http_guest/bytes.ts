// Text and bytes.
import { decode_utf8 } from "./decode-utf8";

/** Decodes UTF-8; bytes that are none become U+FFFD, and nothing gives the empty string. */
export function bytes_to_string(bytes: Array<u8> | null): string {
  if (bytes === null || bytes.length == 0) return "";
  return decode_utf8(bytes.dataStart, bytes.length);
}

/** Encodes as UTF-8. */
export function string_to_bytes(text: string): Array<u8> {
  const bytes = new Array<u8>(String.UTF8.byteLength(text));
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, bytes.dataStart);
  return bytes;
}
