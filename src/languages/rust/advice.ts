// Advice for errors of crates whose own advice is for browsers.

/** A crate's error, and what to write instead here. */
const ADVICE: readonly (readonly [error: RegExp, advice: string])[] = [
  [
    // getrandom 0.2; 0.3 and later find the platform by a flag of the build.
    /^the wasm\*-unknown-unknown targets are not supported by default/,
    'Add `getrandom = { version = "0.2", features = ["custom"] }` to [dependencies]: http_guest then has ' +
      "random numbers for it. Or use a crate that needs getrandom 0.3 or later, such as rand 0.9",
  ],
  [
    // getrandom 0.1, of rand 0.7.
    /^target is not supported, for more information see: https:\/\/docs\.rs\/getrandom/,
    "getrandom 0.1 cannot get random numbers here: use a version of the crate that needs getrandom 0.2 or " +
      "later, such as rand 0.8",
  ],
];

/** Advice for a compiler's error; null if there is none. */
export function adviceFor(message: string): string | null {
  return ADVICE.find(([error]) => error.test(message))?.[1] ?? null;
}
