// The proof of knowing a password (Schnorr 1991, made non-interactive by hashing), as both sides need it.
import { bytes_to_string, rng_next_u64, string_to_bytes } from "./http_guest";
import { is_element, power_of_generator, times_power } from "./group";
import { derive, sha256 } from "./sha256";

/** Keyed hashes that a guess of a password costs. */
const ITERATIONS = 10_000;
/** The commitment's exponent hides the product of hash and secret (512 bits) behind 64 bits more. */
const BLIND_BYTES = 72;
export const PROOF_BYTES = BLIND_BYTES + 8;

/** A commitment and the proof that belongs to it. */
export class Proof {
  constructor(
    public commitment: Array<u8>,
    public answer: Array<u8>,
  ) {}
}

export function random_bytes(count: i32): Array<u8> {
  const bytes = new Array<u8>(count);
  for (let i = 0; i < count; i++) bytes[i] = <u8>rng_next_u64();
  return bytes;
}

/** The secret exponent of a name and password. */
function secret(name: string, password: string, salt: Array<u8>): Array<u8> {
  return derive(string_to_bytes(password), salt.concat(string_to_bytes(name)), ITERATIONS);
}

/** What the server keeps of a password. */
export function public_key(name: string, password: string, salt: Array<u8>): Array<u8> {
  return power_of_generator(secret(name, password, salt));
}

export function prove(name: string, password: string, salt: Array<u8>, nonce: Array<u8>): Proof {
  const x = secret(name, password, salt);
  const blind = random_bytes(BLIND_BYTES);
  const commitment = power_of_generator(blind);
  return new Proof(
    commitment,
    multiply_add(question(name, power_of_generator(x), commitment, nonce), x, blind),
  );
}

export function verify(name: string, key: Array<u8>, nonce: Array<u8>, proof: Proof): bool {
  if (!is_element(key) || !is_element(proof.commitment) || proof.answer.length != PROOF_BYTES) return false;
  const expected = times_power(proof.commitment, key, question(name, key, proof.commitment, nonce));
  return equal(power_of_generator(proof.answer), expected);
}

/** What the proof has to answer: nobody knows it before the commitment is made. */
function question(name: string, key: Array<u8>, commitment: Array<u8>, nonce: Array<u8>): Array<u8> {
  return sha256(key.concat(commitment).concat(nonce).concat(string_to_bytes(name)));
}

/** a * b + c in PROOF_BYTES bytes, most significant first. */
function multiply_add(a: Array<u8>, b: Array<u8>, c: Array<u8>): Array<u8> {
  const sums = new StaticArray<u64>(PROOF_BYTES);
  for (let i = 0; i < c.length; i++) sums[i] = c[c.length - 1 - i];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) sums[i + j] += <u64>a[a.length - 1 - i] * b[b.length - 1 - j];
  }
  const result = new Array<u8>(PROOF_BYTES);
  let carry: u64 = 0;
  for (let i = 0; i < PROOF_BYTES; i++) {
    carry += sums[i];
    result[PROOF_BYTES - 1 - i] = <u8>carry;
    carry >>= 8;
  }
  return result;
}

/** Takes the same time wherever the difference is. */
export function equal(a: Array<u8>, b: Array<u8>): bool {
  let difference: u8 = a.length == b.length ? 0 : 1;
  for (let i = 0; i < a.length && i < b.length; i++) difference |= a[i] ^ b[i];
  return difference == 0;
}

/** Lines of a body; calls send one value a line. */
export function lines_of(bytes: Array<u8>): Array<string> {
  return bytes_to_string(bytes).split("\n");
}
