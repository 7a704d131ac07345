// Text and bytes.

/** Decodes UTF-8; nothing gives the empty string. */
export function bytes_to_string(bytes: Array<u8> | null): string {
  if (bytes === null || bytes.length == 0) return "";
  return String.UTF8.decodeUnsafe(bytes.dataStart, <usize>bytes.length);
}

/** Encodes as UTF-8. */
export function string_to_bytes(text: string): Array<u8> {
  const bytes = new Array<u8>(String.UTF8.byteLength(text));
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, bytes.dataStart);
  return bytes;
}
