// The 2048-bit MODP group of RFC 3526 (group 14), generator 2, in Montgomery form. Elements are 64 limbs of
// 32 bits, lowest first.
import { from_hex } from "./hex";

const LIMBS = 64;
export const ELEMENT_BYTES = LIMBS * 4;

const PRIME_HEX =
  "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437" +
  "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05" +
  "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b" +
  "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff";

type Limbs = StaticArray<u32>;

const PRIME = limbs_of(from_hex(PRIME_HEX, ELEMENT_BYTES)!);
/** -1/p modulo 2^32: the lowest limb of p is 2^32 - 1. */
const NEGATIVE_INVERSE: u32 = 1;
const ONE = montgomery_one();
/** 2^4096 modulo p, which takes a number into Montgomery form. */
const SQUARE = montgomery_square();

/** A number of at most 256 bytes, most significant first, as limbs. */
function limbs_of(bytes: Array<u8>): Limbs {
  const limbs = new StaticArray<u32>(LIMBS);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.length - 1 - i;
    limbs[byte >> 2] |= (<u32>bytes[i]) << ((byte & 3) * 8);
  }
  return limbs;
}

function bytes_of(limbs: Limbs): Array<u8> {
  const bytes = new Array<u8>(ELEMENT_BYTES);
  for (let byte = 0; byte < ELEMENT_BYTES; byte++) {
    bytes[ELEMENT_BYTES - 1 - byte] = <u8>(limbs[byte >> 2] >> ((byte & 3) * 8));
  }
  return bytes;
}

function less(a: Limbs, b: Limbs): bool {
  for (let i = LIMBS - 1; i >= 0; i--) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

function subtract(a: Limbs, b: Limbs): void {
  let borrow: u64 = 0;
  for (let i = 0; i < LIMBS; i++) {
    const difference = <u64>a[i] - <u64>b[i] - borrow;
    a[i] = <u32>difference;
    borrow = difference >> 63;
  }
}

/** 2^2048 - p, which is 2^2048 modulo p: one in Montgomery form. */
function montgomery_one(): Limbs {
  const one = new StaticArray<u32>(LIMBS);
  subtract(one, PRIME);
  return one;
}

/** One, doubled 2048 times. */
function montgomery_square(): Limbs {
  const square = StaticArray.slice<u32>(ONE);
  for (let i = 0; i < LIMBS * 32; i++) {
    const carry = square[LIMBS - 1] >> 31;
    for (let j = LIMBS - 1; j > 0; j--) square[j] = (square[j] << 1) | (square[j - 1] >> 31);
    square[0] <<= 1;
    if (carry != 0 || !less(square, PRIME)) subtract(square, PRIME);
  }
  return square;
}

const scratch = new StaticArray<u32>(LIMBS + 2);

/** a * b / 2^2048 modulo p, limb by limb with a reduction after each. */
function multiply(a: Limbs, b: Limbs): Limbs {
  const t = scratch;
  for (let i = 0; i < LIMBS + 2; i++) t[i] = 0;
  for (let i = 0; i < LIMBS; i++) {
    add_product(t, a, b[i]);
    add_product(t, PRIME, t[0] * NEGATIVE_INVERSE);
    for (let j = 0; j < LIMBS + 1; j++) t[j] = t[j + 1];
    t[LIMBS + 1] = 0;
  }
  const result = StaticArray.slice<u32>(t, 0, LIMBS);
  if (t[LIMBS] != 0 || !less(result, PRIME)) subtract(result, PRIME);
  return result;
}

function add_product(t: Limbs, a: Limbs, factor: u32): void {
  let carry: u64 = 0;
  for (let j = 0; j < LIMBS; j++) {
    const sum = <u64>a[j] * factor + t[j] + carry;
    t[j] = <u32>sum;
    carry = sum >> 32;
  }
  const top = <u64>t[LIMBS] + carry;
  t[LIMBS] = <u32>top;
  t[LIMBS + 1] += <u32>(top >> 32);
}

function raise(base: Limbs, exponent: Array<u8>): Limbs {
  let result = ONE;
  for (let i = 0; i < exponent.length; i++) {
    for (let bit = 7; bit >= 0; bit--) {
      result = multiply(result, result);
      if (((exponent[i] >> <u8>bit) & 1) != 0) result = multiply(result, base);
    }
  }
  return result;
}

function leave(element: Limbs): Array<u8> {
  const plain_one = new StaticArray<u32>(LIMBS);
  plain_one[0] = 1;
  return bytes_of(multiply(element, plain_one));
}

/** Two to the power of the exponent, as 256 bytes. */
export function power_of_generator(exponent: Array<u8>): Array<u8> {
  const two = new StaticArray<u32>(LIMBS);
  two[0] = 2;
  return leave(raise(multiply(two, SQUARE), exponent));
}

/** a * b^exponent, as 256 bytes. */
export function times_power(a: Array<u8>, b: Array<u8>, exponent: Array<u8>): Array<u8> {
  const power = raise(multiply(limbs_of(b), SQUARE), exponent);
  return leave(multiply(multiply(limbs_of(a), SQUARE), power));
}

/** True for 256 bytes of a number from 2 to p - 2. */
export function is_element(bytes: Array<u8>): bool {
  if (bytes.length != ELEMENT_BYTES) return false;
  const element = limbs_of(bytes),
    two = new StaticArray<u32>(LIMBS),
    top = StaticArray.slice<u32>(PRIME);
  two[0] = 2;
  top[0] -= 1;
  return !less(element, two) && less(element, top);
}
