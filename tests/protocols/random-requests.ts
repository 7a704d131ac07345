// Random requests that every protocol can carry: odd methods, targets, header lines and bodies.
import * as fc from "fast-check";

export interface ProtocolRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | null;
  /** The length of the body is announced; else it is sent without. */
  readonly announced: boolean;
}

const methods = (
  "GET HEAD POST PUT DELETE PATCH OPTIONS QUERY PROPFIND SEARCH M-SEARCH get X FOO-BAR BREW TRACE " +
  "PURGE LINK G! AMETHODOFFORTYCHARACTERSTHATNOBODYEVERUSES"
).split(" ");

const piece = fc.constantFrom(
  ..."/?&=%#;:@!$'()*+,.~_-\"<>[]^`{|}\\a0",
  "%2f",
  "%00",
  "%zz",
  "%C3%A9",
  "%c3%28",
  "..",
  "./",
  "//",
  "index.html",
  "a".repeat(300),
  "\xe9",
  "é".normalize("NFD"),
);
const target = fc.array(piece, { maxLength: 6 }).map((all) => `/${all.join("")}`);

const names = (
  "x-one X-One x-two accept accept-encoding cookie Cookie referer user-agent range if-none-match if-range " +
  "authorization origin content-type content-encoding x-forwarded-for forwarded via date from expect " +
  "trailer priority x-terrarium-client x-terrarium-timing content_length x_under a!#$%&'*+.^`|~"
).split(" ");
const values = (
  '|a|a, b|a,b|"quoted, text"|two  blanks|tab\there|caf\xe9|\xff|=|;|,|100-continue|100-Continue|trailers|' +
  "close|x-one|gzip|br;q=0|bytes=0-1|text/html|a=b; c=d|a=b|u=1"
)
  .split("|")
  .concat("x".repeat(5000));
const header = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values));

const body = fc.option(
  fc.constantFrom(
    "",
    "a",
    "hello",
    "\xff\x00\xfe",
    "a".repeat(20_000),
    "0\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
  ),
);

export const randomRequest: fc.Arbitrary<ProtocolRequest> = fc.record({
  method: fc.constantFrom(...methods),
  target,
  headers: fc.array(header, { maxLength: 6 }),
  body: body.map((text) => (text === null ? null : Buffer.from(text, "latin1"))),
  announced: fc.boolean(),
});
