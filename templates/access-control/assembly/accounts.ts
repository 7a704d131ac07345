// The server's side: accounts, nonces and sessions, all in the store.
//
//   user NAME       salt and key, one a line
//   nonce NONCE     the name that it was handed to; removed by the login that uses it
//   slot NUMBER     the last nonce handed out in this slot, which the next one there replaces
//   session HASH    the name; HASH is the hash of the cookie's token
//   login NAME      the hash of the name's last session, which the next login ends
//   pepper          a random key for the salts of names that do not exist
import { bytes_to_string, KVStore, Request, Response, rng_next_u64, string_to_bytes } from "./http_guest";
import { is_element } from "./group";
import { from_hex, to_hex } from "./hex";
import { lines_of, Proof, PROOF_BYTES, random_bytes, verify } from "./proof";
import { hmac, sha256 } from "./sha256";

const SALT_BYTES = 16;
const TOKEN_BYTES = 32;
const ELEMENT_BYTES = 256;
const MAX_NAME_CHARS = 64;
/** Nonces that are outstanding at most: who asks and never logs in must not fill the store. */
const NONCE_SLOTS = 1024;

export function register(store: KVStore, request: Request): Response {
  const fields = lines_of(request.body);
  if (fields.length != 3 || !is_name(fields[0])) return text(400, "Send name, salt and key, one a line");
  const salt = from_hex(fields[1], SALT_BYTES),
    key = from_hex(fields[2], ELEMENT_BYTES);
  if (salt === null || salt.length != SALT_BYTES || key === null || !is_element(key))
    return text(400, "Salt or key is not valid");
  const absent = store.upsert("user " + fields[0], string_to_bytes(fields[1] + "\n" + fields[2]));
  return absent ? text(201, "Welcome") : text(409, "This name is taken");
}

export function challenge(store: KVStore, request: Request): Response {
  const name = request.body_string;
  if (!is_name(name)) return text(400, "Send a name");
  const nonce = hand_out_nonce(store, name);
  const account = store.get("user " + name);
  const salt = account === null ? invented_salt(store, name) : lines_of(account)[0];
  return text(200, salt + "\n" + nonce);
}

export function login(store: KVStore, request: Request): Response {
  const fields = lines_of(request.body);
  if (fields.length != 4 || !is_name(fields[0]))
    return text(400, "Send name, nonce, commitment and proof, one a line");
  const nonce = from_hex(fields[1], TOKEN_BYTES),
    commitment = from_hex(fields[2], ELEMENT_BYTES),
    proof = from_hex(fields[3], PROOF_BYTES);
  if (nonce === null || commitment === null || proof === null)
    return text(400, "Nonce, commitment or proof is not valid");
  const owner = store.get("nonce " + fields[1]);
  const fresh = store.remove("nonce " + fields[1]) && owner !== null && bytes_to_string(owner) == fields[0];
  const account = store.get("user " + fields[0]);
  if (!fresh || account === null) return text(401, "Name or password is wrong");
  const key = from_hex(lines_of(account)[1], ELEMENT_BYTES);
  if (key === null || !verify(fields[0], key, nonce, new Proof(commitment, proof)))
    return text(401, "Name or password is wrong");
  return start_session(store, fields[0]);
}

export function whoami(store: KVStore, request: Request): Response {
  const session = session_key(request);
  if (session === null) return text(401, "Nobody is logged in");
  const name = store.get(session);
  return name === null ? text(401, "Nobody is logged in") : text(200, bytes_to_string(name));
}

export function logout(store: KVStore, request: Request): Response {
  const session = session_key(request);
  if (session !== null) store.remove(session);
  const response = text(204, "");
  response.set_header("set-cookie", ["session=; path=/; max-age=0"]);
  return response;
}

function hand_out_nonce(store: KVStore, name: string): string {
  const nonce = to_hex(random_bytes(TOKEN_BYTES));
  const slot = "slot " + (rng_next_u64() % NONCE_SLOTS).toString();
  const old = store.get(slot);
  if (old !== null) store.remove("nonce " + bytes_to_string(old));
  store.insert(slot, string_to_bytes(nonce));
  store.insert("nonce " + nonce, string_to_bytes(name));
  return nonce;
}

function start_session(store: KVStore, name: string): Response {
  const token = random_bytes(TOKEN_BYTES);
  const hash = string_to_bytes(to_hex(sha256(token)));
  const old = store.get("login " + name);
  if (old !== null) store.remove("session " + bytes_to_string(old));
  store.insert("login " + name, hash);
  store.insert("session " + bytes_to_string(hash), string_to_bytes(name));
  const response = text(204, "");
  response.set_header("set-cookie", ["session=" + to_hex(token) + "; path=/; httponly; samesite=strict"]);
  return response;
}

/** Store key of the request's session, or null without a cookie. */
function session_key(request: Request): string | null {
  const cookies = request.get_header("cookie");
  if (cookies === null) return null;
  for (let i = 0; i < cookies.length; i++) {
    const parts = cookies[i].split("; ");
    for (let j = 0; j < parts.length; j++) {
      const token = parts[j].startsWith("session=") ? from_hex(parts[j].substring(8), TOKEN_BYTES) : null;
      if (token !== null && token.length == TOKEN_BYTES) return "session " + to_hex(sha256(token));
    }
  }
  return null;
}

/** Always the same for a name, so that asking does not tell whether it exists. */
function invented_salt(store: KVStore, name: string): string {
  store.upsert("pepper", random_bytes(32));
  const pepper = store.get("pepper");
  if (pepper === null) throw new Error("The store lost its pepper");
  return to_hex(hmac(pepper, string_to_bytes(name)).slice(0, SALT_BYTES));
}

function is_name(name: string): bool {
  return name.length > 0 && name.length <= MAX_NAME_CHARS && name.indexOf("\n") < 0;
}

function text(status: i32, body: string): Response {
  const response = new Response();
  response.status = status;
  if (body.length > 0) {
    response.set_header("content-type", ["text/plain; charset=utf-8"]);
    response.body_string = body;
  }
  response.set_header("cache-control", ["no-store"]);
  return response;
}
