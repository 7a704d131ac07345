// UTF-8 from outside. The standard decoder reads what is not UTF-8 as characters that nobody sent, and loses
// others.

const REPLACEMENT: u16 = 0xfffd;

/** The text. Each longest piece that no character begins with becomes U+FFFD, as in browsers. */
export function decode_utf8(start: usize, count: i32): string {
  const end = start + <usize>count;
  // No character has more UTF-16 units than bytes.
  const units = heap.alloc((<usize>count) << 1);
  let to = units;
  for (let at = start; at < end;) {
    const lead = <u32>load<u8>(at++);
    if (lead < 0x80) {
      to = put(to, lead);
      continue;
    }
    const more = following(lead);
    let code = lead & (0x7f >> (more + 1));
    let read = 0;
    while (read < more && at < end && is_next(lead, read, <u32>load<u8>(at))) {
      code = (code << 6) | (<u32>load<u8>(at++) & 0x3f);
      read++;
    }
    to = more == 0 || read < more ? put(to, REPLACEMENT) : put(to, code);
  }
  const text = String.UTF16.decodeUnsafe(units, to - units);
  heap.free(units);
  return text;
}

// How many bytes follow a first byte; 0 for one that begins nothing.
function following(lead: u32): i32 {
  if (lead >= 0xc2 && lead <= 0xdf) return 1;
  if (lead >= 0xe0 && lead <= 0xef) return 2;
  if (lead >= 0xf0 && lead <= 0xf4) return 3;
  return 0;
}

// The second byte has narrower bounds after some first bytes: no overlong forms, no surrogates, nothing
// beyond U+10FFFF.
function is_next(lead: u32, read: i32, byte: u32): bool {
  if (read > 0) return (byte & 0xc0) == 0x80;
  const low: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const high: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return byte >= low && byte <= high;
}

function put(to: usize, code: u32): usize {
  if (code < 0x10000) {
    store<u16>(to, <u16>code);
    return to + 2;
  }
  store<u16>(to, <u16>(0xd800 + ((code - 0x10000) >> 10)));
  store<u16>(to, <u16>(0xdc00 + (code & 0x3ff)), 2);
  return to + 4;
}
