// DNS messages on the wire (RFC 1035), read strictly: every name, count and length must be within the
// message.

/** The message breaks RFC 1035; the text says where. */
export class MalformedMessage extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "MalformedMessage";
  }
}

export interface Question {
  /** Lower case, labels joined by dots, without the last dot; bytes beyond ASCII as one unit each. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface ResourceRecord extends Question {
  readonly data: Uint8Array;
  /** The name in the data of a CNAME. */
  readonly target: string | null;
}

export interface Message {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly code: number;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: number;
  /** Where the last record ends; what follows belongs to no record. */
  readonly length: number;
}

export const TYPE = { a: 1, ns: 2, cname: 5, soa: 6, ptr: 12, mx: 15, aaaa: 28, dname: 39, opt: 41 } as const;
export const CLASS_IN = 1;
const HEADER_BYTES = 12;
const MAX_NAME_BYTES = 255;
const POINTER = 0xc0;
/** A name of 255 bytes has at most 127 labels; with a pointer before each it is as long to follow as any. */
const MAX_POINTERS = 128;
/** Names of types whose data begins with a name, after so many bytes; a SOA holds a second one. */
const NAME_OFFSETS: Readonly<Record<number, number>> = {
  [TYPE.ns]: 0,
  [TYPE.cname]: 0,
  [TYPE.soa]: 0,
  [TYPE.ptr]: 0,
  [TYPE.mx]: 2,
  [TYPE.dname]: 0,
};
const SOA_NUMBERS_BYTES = 20;

/** Reads a whole message. Throws MalformedMessage. */
export function readMessage(bytes: Uint8Array): Message {
  if (bytes.length < HEADER_BYTES) throw new MalformedMessage("the message is shorter than its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint16(2);
  const [questionCount, answerCount, authorityCount, additionalCount] = [4, 6, 8, 10].map((at) =>
    view.getUint16(at),
  ) as [number, number, number, number];
  let at = HEADER_BYTES;
  const questions = Array.from({ length: questionCount }, () => {
    const { name, end } = readName(bytes, at);
    need(bytes, end, 4);
    at = end + 4;
    return { name, type: view.getUint16(end), class: view.getUint16(end + 2) };
  });
  const records = (count: number) =>
    Array.from({ length: count }, () => {
      const { record, end } = readRecord(bytes, view, at);
      at = end;
      return record;
    });
  const answers = records(answerCount);
  records(authorityCount);
  records(additionalCount);
  return {
    id: view.getUint16(0),
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    code: flags & 0xf,
    questions,
    answers,
    authorities: authorityCount,
    length: at,
  };
}

function readRecord(
  bytes: Uint8Array,
  view: DataView,
  start: number,
): { readonly record: ResourceRecord; readonly end: number } {
  const { name, end: fixed } = readName(bytes, start);
  need(bytes, fixed, 10);
  const type = view.getUint16(fixed);
  const dataAt = fixed + 10;
  const length = view.getUint16(fixed + 8);
  need(bytes, dataAt, length);
  const target = checkData(bytes, type, dataAt, dataAt + length);
  return {
    record: {
      name,
      type,
      class: view.getUint16(fixed + 2),
      data: bytes.subarray(dataAt, dataAt + length),
      target,
    },
    end: dataAt + length,
  };
}

/** Checks data whose shape is known; returns the name of a CNAME. */
function checkData(bytes: Uint8Array, type: number, start: number, end: number): string | null {
  if (type === TYPE.a && end - start !== 4) throw new MalformedMessage("an A record has no 4 bytes of data");
  if (type === TYPE.aaaa && end - start !== 16)
    throw new MalformedMessage("an AAAA record has no 16 bytes of data");
  const offset = NAME_OFFSETS[type];
  if (offset === undefined) return null;
  const first = readName(bytes, start + offset);
  const rest = type === TYPE.soa ? readName(bytes, first.end).end + SOA_NUMBERS_BYTES : first.end;
  if (rest !== end) throw new MalformedMessage("the data of a record does not end where its name does");
  return type === TYPE.cname ? first.name : null;
}

/** A name and where it ends. Pointers must lead backwards, so following them ends. */
function readName(bytes: Uint8Array, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let [at, end, lowest, length, pointers] = [start, -1, start, 1, 0];
  for (;;) {
    need(bytes, at, 1);
    const size = bytes[at] ?? 0;
    if ((size & POINTER) === POINTER) {
      need(bytes, at, 2);
      const target = ((size & ~POINTER) << 8) | (bytes[at + 1] ?? 0);
      if (end < 0) end = at + 2;
      if (target >= lowest || target < HEADER_BYTES)
        throw new MalformedMessage("a compressed name does not point backwards");
      if (++pointers > MAX_POINTERS) throw new MalformedMessage("a compressed name has too many pointers");
      [at, lowest] = [target, target];
      continue;
    }
    if ((size & POINTER) !== 0) throw new MalformedMessage("a label has a reserved type");
    need(bytes, at + 1, size);
    length += size + 1;
    if (length > MAX_NAME_BYTES + 1) throw new MalformedMessage("a name is longer than 255 bytes");
    if (size === 0) return { name: labels.join("."), end: end < 0 ? at + 1 : end };
    labels.push(
      Buffer.from(bytes.subarray(at + 1, at + 1 + size))
        .toString("latin1")
        .toLowerCase(),
    );
    at += size + 1;
  }
}

function need(bytes: Uint8Array, at: number, count: number): void {
  if (at + count > bytes.length) throw new MalformedMessage("the message ends within a record");
}
