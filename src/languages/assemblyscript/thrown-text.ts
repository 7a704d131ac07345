// asc keeps the message of `throw new Error("text")` only. What else is thrown becomes such a statement
// before it is compiled:
// `throw "text"`, `throw error`.
import { NewExpression, Node, type Parser, Source, ThrowStatement } from "assemblyscript";

type Expression = ThrowStatement["value"];
type Range = ThrowStatement["range"];

/** A transform of asc: runs on the syntax trees of the program's own files. */
export const THROWN_TEXT = {
  afterParse(parser: Parser): void {
    for (const source of parser.sources) {
      if (!source.isLibrary) for (const statement of throwsIn(source)) keepMessage(statement);
    }
  },
};

/** All throw statements below a node. */
function throwsIn(source: Source): ThrowStatement[] {
  const found: ThrowStatement[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) for (const element of value) visit(element);
    else if (value instanceof Node && (value === source || !(value instanceof Source))) {
      if (value instanceof ThrowStatement) found.push(value);
      for (const child of Object.values(value)) visit(child);
    }
  };
  visit(source);
  return found;
}

function keepMessage(statement: ThrowStatement): void {
  const { value } = statement;
  if (value instanceof NewExpression) return;
  const name = Node.createSimpleTypeName("Error", value.range);
  statement.value = Node.createNewExpression(name, null, [messageOf(value)], value.range);
}

/** `isDefined(v.message) ? v.message : isDefined(v.toString) ? v.toString() : "abort"`, which asc decides by the type of `v`. */
function messageOf(value: Expression): Expression {
  const { range } = value;
  const property = (name: string): Expression =>
    Node.createPropertyAccessExpression(value, Node.createIdentifierExpression(name, range), range);
  const call = (called: Expression, ...args: Expression[]): Expression =>
    Node.createCallExpression(called, null, args, range);
  const ifDefined = (name: string, then: Expression, otherwise: Expression): Expression =>
    Node.createTernaryExpression(isDefined(property(name), range), then, otherwise, range);
  const text = ifDefined(
    "toString",
    call(property("toString")),
    Node.createStringLiteralExpression("abort", range),
  );
  return ifDefined("message", property("message"), text);
}

function isDefined(expression: Expression, range: Range): Expression {
  const name = Node.createIdentifierExpression("isDefined", range);
  return Node.createCallExpression(name, null, [expression], range);
}
