// Values of a store that are counted: signed whole numbers of 64 bits, written as decimal text.

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
/** The longest text: that of the smallest number. */
export const MAX_DECIMAL_BYTES = String(MIN).length;
/** One text for each number: no leading zeros, no plus sign, no space. */
const DECIMAL = /^(?:0|-?[1-9][0-9]{0,18})$/;

/** The number that a value is the text of; undefined if it is none, or does not fit 64 bits. */
export function decimalOf(value: Uint8Array): bigint | undefined {
  if (value.length > MAX_DECIMAL_BYTES) return undefined;
  const text = Buffer.from(value).toString("latin1");
  return DECIMAL.test(text) ? fitting(BigInt(text)) : undefined;
}

/** The sum; undefined if it does not fit 64 bits. */
export function addDecimals(number: bigint, delta: bigint): bigint | undefined {
  return fitting(number + delta);
}

function fitting(number: bigint): bigint | undefined {
  return number >= MIN && number <= MAX ? number : undefined;
}
