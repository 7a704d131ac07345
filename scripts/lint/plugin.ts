// A plugin of oxlint: the grammar of messages where they are thrown, logged and printed.
// `.oxlintrc.json` turns it on.
import { faultOfReason, faultOfSentence } from "./grammar.ts";

/** The parts of a syntax tree that the rule looks at (ESTree). */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly operator?: string;
  readonly callee?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly key?: Node;
  readonly left?: Node;
  readonly right?: Node;
  readonly consequent?: Node;
  readonly alternate?: Node;
  readonly arguments?: readonly Node[];
  readonly properties?: readonly Node[];
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
}

interface Context {
  report(finding: { readonly node: Node; readonly message: string }): void;
}

/** Errors whose text stands alone. */
const ERRORS = new Set(["Error", "TypeError", "RangeError"]);
/** Codes whose whole message is the detail `reason`. */
const WHOLE_REASON = new Set([
  "TER_BAD_REQUEST",
  "TER_CONFIG_INVALID",
  "TER_INTERRUPTED_BY_USER",
  "TER_USAGE",
]);
/** Functions that make an error of a reason, and of a whole message. */
const REASON_FUNCTIONS = new Set(["badCall", "malformed", "invalidArchive", "unsendable", "unsupported"]);
const SENTENCE_FUNCTIONS = new Set(["invalid", "usage"]);
const LOG_LEVELS = new Set(["trace", "debug", "info", "warn", "error", "fatal"]);

const messageGrammar = {
  create(context: Context) {
    const check = (node: Node | undefined, faultOf: (text: string) => string | null): void => {
      for (const { node: part, text } of textsOf(node)) {
        const fault = faultOf(text);
        if (fault !== null) context.report({ node: part, message: `The message "${text}" ${fault}` });
      }
    };
    return {
      NewExpression({ callee, arguments: given = [] }: Node): void {
        const name = callee?.name ?? "";
        if (ERRORS.has(name)) check(given[0], faultOfSentence);
        else if (name === "Reason" || name.endsWith("Failure")) check(given[0], faultOfReason);
        else if (name === "TerrariumError") {
          const whole = WHOLE_REASON.has(String(given[0]?.value));
          check(detailOf(given[1], "reason"), whole ? faultOfSentence : faultOfReason);
          check(detailOf(given[1], "fix"), faultOfSentence);
        }
      },
      CallExpression({ callee, arguments: given = [] }: Node): void {
        const name = callee?.name ?? "";
        if (SENTENCE_FUNCTIONS.has(name)) for (const text of given) check(text, faultOfSentence);
        if (REASON_FUNCTIONS.has(name)) check(given[0], faultOfReason);
        const method = callee?.property?.name ?? "";
        const owner = callee?.object?.name ?? callee?.object?.property?.name ?? "";
        if (owner === "log" && LOG_LEVELS.has(method)) check(given.at(-1), faultOfSentence);
        if (owner === "terminal" && (method === "notice" || method === "detail"))
          check(given[0], faultOfSentence);
      },
    };
  },
};

/** The literal texts that an expression can be, values written as `${}`. */
function textsOf(node: Node | undefined): { readonly node: Node; readonly text: string }[] {
  if (node === undefined) return [];
  if (node.type === "ConditionalExpression") return [...textsOf(node.consequent), ...textsOf(node.alternate)];
  const text = textOf(node);
  return text === null || text === "" ? [] : [{ node, text }];
}

function textOf(node: Node | undefined): string | null {
  if (node === undefined) return null;
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : null;
  if (node.type === "TemplateLiteral")
    return (node.quasis ?? []).map(({ value }) => value.cooked).join("${}");
  if (node.type !== "BinaryExpression" || node.operator !== "+") return null;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === null && right === null ? null : `${left ?? "${}"}${right ?? "${}"}`;
}

function detailOf(details: Node | undefined, name: string): Node | undefined {
  const property = details?.properties?.find(({ key }) => key?.name === name);
  return property?.value as Node | undefined;
}

export default {
  meta: { name: "terrarium" },
  rules: { "message-grammar": messageGrammar },
};
