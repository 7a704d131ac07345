// What the browser calls. Text goes in and out as UTF-8, one value a line: write it at `client_input(bytes)`,
// call, and read as many bytes as the call returned at `client_output()`.
import { string_to_bytes } from "./http_guest";
import { from_hex, to_hex } from "./hex";
import { lines_of, prove, public_key, random_bytes } from "./proof";

const SALT_BYTES = 16;

let input: Array<u8> = [];
let output: Array<u8> = [];

/** Makes room for so many bytes of input and returns their address. */
export function client_input(bytes: i32): usize {
  input = new Array<u8>(bytes);
  return input.dataStart;
}

/** Address of the output. */
export function client_output(): usize {
  return output.dataStart;
}

/** Name and password in; name, salt and key out, as POST /api/register wants them. */
export function client_register(): i32 {
  const fields = lines_of(input);
  const salt = random_bytes(SALT_BYTES);
  return answer([fields[0], to_hex(salt), to_hex(public_key(fields[0], fields[1], salt))]);
}

/**
 * Name, password, salt and nonce in; name, nonce, commitment and proof out, as POST /api/login wants them.
 */
export function client_login(): i32 {
  const fields = lines_of(input);
  const salt = from_hex(fields[2], SALT_BYTES),
    nonce = from_hex(fields[3], 32);
  if (salt === null || nonce === null) return answer([]);
  const proof = prove(fields[0], fields[1], salt, nonce);
  return answer([fields[0], fields[3], to_hex(proof.commitment), to_hex(proof.answer)]);
}

function answer(fields: Array<string>): i32 {
  output = string_to_bytes(fields.join("\n"));
  return output.length;
}
