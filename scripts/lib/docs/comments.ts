import { fileURLToPath } from "node:url";
import ts from "typescript";

/** What the JSDoc comment of a setting says. */
export interface Comment {
  readonly description: string;
  /** The text of its `@default` tag. */
  readonly default?: string;
  /** The settings below it, one entry for each type of object that it may be. */
  readonly objects: readonly Comments[];
}

/** Comments by name of setting. */
export type Comments = ReadonlyMap<string, Comment>;

const TSCONFIG = fileURLToPath(new URL("../../../tsconfig.json", import.meta.url));

/**
 * Reads a file with the TypeScript compiler, which takes a second or two: zod's types lead from a setting to its line.
 * @returns gives the comments of an object type that the file exports
 */
export function openComments(file: string): (typeName: string) => Comments {
  const { options } = ts.getParsedCommandLineOfConfigFile(TSCONFIG, {}, CONFIG_HOST)!;
  // Without the types of Node, which are two thirds of all text to read, and in no setting.
  const program = ts.createProgram([file], { ...options, types: [] });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!);
  return (typeName) => {
    const symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === typeName);
    if (!symbol) throw new Error(`${file} exports no type ${typeName}`);
    return commentsOf(checker, checker.getDeclaredTypeOfSymbol(symbol));
  };
}

const CONFIG_HOST: ts.ParseConfigFileHost = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
  },
};

function commentsOf(checker: ts.TypeChecker, type: ts.Type): Comments {
  return new Map(checker.getPropertiesOfType(type).map((property) => [property.name, commentOf(checker, property)]));
}

function commentOf(checker: ts.TypeChecker, property: ts.Symbol): Comment {
  const objects = objectsIn(checker, checker.getTypeOfSymbol(property)).map((type) => commentsOf(checker, type));
  const tag = property.getJsDocTags(checker).find(({ name }) => name === "default");
  const own = textOf(property.getDocumentationComment(checker));
  // A section may be described where it is defined; the comment of a smaller constant says too little about a setting.
  const description = own || (objects.length > 0 ? commentOfConstant(checker, property) : "");
  return { description, objects, ...(tag && { default: textOf(tag.text) }) };
}

/** The objects that a setting of this type may be or hold. */
function objectsIn(checker: ts.TypeChecker, type: ts.Type): ts.Type[] {
  if (type.isUnion()) return type.types.flatMap((member) => objectsIn(checker, member));
  if (!(type.flags & ts.TypeFlags.Object)) return [];
  const element = type.getNumberIndexType() ?? type.getStringIndexType();
  return element ? objectsIn(checker, element) : [type];
}

/** The comment of the constant that a property takes its schema from: `network` in `network: network.prefault({})`. */
function commentOfConstant(checker: ts.TypeChecker, { declarations: [declaration] = [] }: ts.Symbol): string {
  let symbol: ts.Symbol | undefined;
  if (declaration && ts.isShorthandPropertyAssignment(declaration))
    symbol = checker.getShorthandAssignmentValueSymbol(declaration);
  else if (declaration && ts.isPropertyAssignment(declaration)) {
    let expression: ts.Expression = declaration.initializer;
    while (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression))
      expression = expression.expression;
    symbol = checker.getSymbolAtLocation(expression);
  }
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  return symbol && symbol.flags & ts.SymbolFlags.Variable ? textOf(symbol.getDocumentationComment(checker)) : "";
}

function textOf(parts: ts.SymbolDisplayPart[] | undefined): string {
  return ts.displayPartsToString(parts).replace(/\s+/g, " ").trim();
}
