// What the host hands over: a pointer and a length in two cells, to be copied into objects of the program and
// freed.
import { decode_utf8 } from "./decode-utf8";
import { ERROR } from "./hostcalls";

/** Where hostcalls write a pointer (or a handle, or a number). */
export const POINTER_CELL: usize = memory.data(4, 4);

/** Where hostcalls write a length or count. */
export const LENGTH_CELL: usize = memory.data(4, 4);

/** Where hostcalls write a number of 64 bits. */
export const LONG_CELL: usize = memory.data(8, 8);

/** The pointer or number that the last hostcall wrote. */
export function pointer(): usize {
  return load<usize>(POINTER_CELL);
}

/** The length that the last hostcall wrote. */
export function length(): i32 {
  return load<i32>(LENGTH_CELL);
}

/** Empties the cells, for calls that may leave them alone. */
export function clear(): void {
  store<usize>(POINTER_CELL, <usize>ERROR);
  store<i32>(LENGTH_CELL, 0);
}

/** Takes the bytes that the last hostcall wrote. */
export function take_bytes(): Array<u8> {
  return bytes_at(pointer(), length());
}

/** Takes the text that the last hostcall wrote. */
export function take_text(): string {
  return text_at(pointer(), length());
}

/** Takes the list of texts that the last hostcall wrote. */
export function take_texts(): Array<string> {
  const list = pointer();
  const count = length();
  const texts = new Array<string>();
  for (let i = 0; i < count; i++) texts.push(text_at(element_pointer(list, i), element_length(list, i)));
  if (list != 0) heap.free(list);
  return texts;
}

/** Takes the list of byte strings that the last hostcall wrote. */
export function take_byte_strings(): Array<Array<u8>> {
  const list = pointer();
  const count = length();
  const strings = new Array<Array<u8>>();
  for (let i = 0; i < count; i++) strings.push(bytes_at(element_pointer(list, i), element_length(list, i)));
  if (list != 0) heap.free(list);
  return strings;
}

/** Frees a list as the host wrote it, elements included. */
export function free_list(list: usize, count: i32): void {
  for (let i = 0; i < count; i++) heap.free(element_pointer(list, i));
  if (list != 0) heap.free(list);
}

function element_pointer(list: usize, index: i32): usize {
  return load<usize>(list + ((<usize>index) << 3));
}

function element_length(list: usize, index: i32): i32 {
  return load<i32>(list + ((<usize>index) << 3), 4);
}

function bytes_at(address: usize, count: i32): Array<u8> {
  const bytes = new Array<u8>(count);
  memory.copy(bytes.dataStart, address, <usize>count);
  if (address != 0) heap.free(address);
  return bytes;
}

function text_at(address: usize, count: i32): string {
  const text = count == 0 ? "" : decode_utf8(address, count);
  if (address != 0) heap.free(address);
  return text;
}
