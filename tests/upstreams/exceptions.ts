// Replies that curl accepts and programs do not get. docs/what-terrarium-does-not-do.md names each of them.

/** One kind of reply: how the page names it, and how the deployment's log gives the reason. */
export interface Exception {
  readonly inDocs: string;
  readonly reason: RegExp;
  /** Why programs should not get it. */
  readonly because: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    inDocs: "two different `content-length`",
    reason: /two different lengths/,
    because: "which of the two counts is what request smuggling is made of",
  },
  {
    inDocs: "a folded `content-length`, `transfer-encoding` or `content-encoding`",
    reason: /says how to read the body is folded/,
    because: "curl reads its first line, others read all of it: they would get different bodies",
  },
  {
    inDocs: "CR or NUL within a line of the head",
    reason: /a line holds CR or NUL/,
    because: "curl keeps what came before; a program could not tell that something is missing",
  },
  {
    inDocs: "a head that ends early",
    reason: /it ends too early/,
    because: "curl takes what it has for the whole",
  },
  {
    inDocs: "an answer of 101",
    reason: /another protocol/,
    because: "no program asks for another protocol, so the rest is none of HTTP",
  },
];
