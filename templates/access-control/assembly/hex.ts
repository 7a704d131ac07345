// Bytes as hexadecimal digits, most significant first.

const DIGITS = "0123456789abcdef";

export function to_hex(bytes: Array<u8>): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += DIGITS.charAt(bytes[i] >> 4) + DIGITS.charAt(bytes[i] & 15);
  return text;
}

/** Null if the text has other characters, an odd number of them, or more than `limit` bytes. */
export function from_hex(text: string, limit: i32): Array<u8> | null {
  if (text.length % 2 != 0 || text.length > limit * 2) return null;
  const bytes = new Array<u8>(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = DIGITS.indexOf(text.charAt(i * 2)),
      low = DIGITS.indexOf(text.charAt(i * 2 + 1));
    if (high < 0 || low < 0) return null;
    bytes[i] = <u8>((high << 4) | low);
  }
  return bytes;
}
