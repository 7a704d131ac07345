// Raw pieces of tar archives, for tests that need ones no program would write.

export interface RawHeader {
  readonly name: string | Uint8Array;
  readonly type?: string;
  readonly size?: number;
  /** Bytes of the size field as they are, instead of `size`. */
  readonly sizeField?: Uint8Array;
  readonly prefix?: string;
  readonly link?: string;
  /** `posix`: "ustar\0" + "00"; `gnu`: "ustar  \0"; `none`: as in 1979. */
  readonly magic?: "posix" | "gnu" | "none";
  readonly checksum?: number;
}

/** One block of 512 bytes. */
export function rawHeader({
  name,
  type = "0",
  size = 0,
  sizeField,
  prefix = "",
  link = "",
  magic = "posix",
  checksum,
}: RawHeader): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(name as string).copy(block, 0, 0, 100);
  block.write("0000644\x000000000\x000000000\x00", 100, "latin1");
  block.write(`${size.toString(8).padStart(11, "0")}\x00${"0".repeat(11)}\x00        `, 124, "latin1");
  if (sizeField !== undefined) block.set(sizeField, 124);
  block.write(type, 156, "latin1");
  block.write(link, 157, 100, "utf8");
  if (magic !== "none") block.write(magic === "posix" ? "ustar\x0000" : "ustar  \x00", 257, "latin1");
  block.write(prefix, 345, 155, "utf8");
  const sum = checksum ?? block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\x00 `, 148, "latin1");
  return block;
}

/** A header with its body, padded. */
export function member(header: RawHeader, body: string | Uint8Array = ""): Buffer {
  const bytes = Buffer.from(body as string);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([rawHeader({ size: bytes.length, ...header }), bytes, padding]);
}

/** A PAX header for the next member. */
export function pax(records: Readonly<Record<string, string>>, type = "x"): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + String(rest).length;
    if (rest + String(length).length > length) length++;
    return `${length} ${key}=${value}\n`;
  });
  return member({ name: "pax", type }, lines.join(""));
}

/** The members with the two blocks of zeros that end an archive. */
export function archive(...members: readonly Uint8Array[]): Buffer {
  return Buffer.concat([...members, Buffer.alloc(1024)]);
}
