// Names and tokens of deployments. A name is four words from a list of 2,048, which gives 2^44 names; if one
// is taken, another is drawn.
import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { DeploymentId, Digest } from "../../store/types.ts";

const WORDS_PER_ID = 4;
/** 192 bits: impossible to guess, and 32 characters of base64url without padding. */
const TOKEN_BYTES = 24;
const ID_PATTERN = /^[a-z]{3,8}(-[a-z]{3,8}){3}$/;

/** Draws a name such as `involved-mental-write-window`. It may be taken: the store decides. */
export function drawId(): DeploymentId {
  const words = Array.from({ length: WORDS_PER_ID }, () => wordlist[randomInt(wordlist.length)] ?? "");
  return words.join("-") as DeploymentId;
}

/** True if the text has the form of a name, whether or not it exists. */
export function isDeploymentId(text: string): text is DeploymentId {
  return ID_PATTERN.test(text);
}

/** A fresh token; only its digest is ever stored. */
export function drawToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Compares in constant time; digests make the lengths equal. */
export function tokenMatches(token: string, digest: Digest): boolean {
  const expected = Buffer.from(digest, "hex");
  const given = createHash("sha256").update(token).digest();
  return expected.length === given.length && timingSafeEqual(expected, given);
}
