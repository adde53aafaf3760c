import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A sentence of the sources: what stands in a template between its texts may be anything. */
export interface Sentence {
  /** Reason words that it is given with; none where it has no word. */
  readonly reasons: readonly string[];
  readonly pattern: RegExp;
  /** Where it is, for a failing test. */
  readonly place: string;
}

const ANYTHING = '[^]*?';

/** Every refusal of a plan in the files: `refuse('word', sentence)`, or the object that it makes. */
export function planRefusalsIn(globs: readonly string[]): readonly Sentence[] {
  return nodesIn(globs).flatMap((node): readonly Sentence[] => {
    if (ts.isCallExpression(node) && /^refuse(Plan)?$/.test(node.expression.getText())) {
      return sentenceOf(node.arguments[0], node.arguments[1]);
    }
    const isRefusal =
      ts.isObjectLiteralExpression(node) && valueOf(node, 'kind') === 'plan-refused';
    return isRefusal ? sentenceOf(member(node, 'reason'), member(node, 'message')) : [];
  });
}

/** What functions named `why…` return in the files, unless it is only a part of a sentence. */
export function reasonsIn(globs: readonly string[]): readonly Sentence[] {
  return nodesIn(globs).flatMap((node): readonly Sentence[] => {
    if (!isText(node) || isText(node.parent) || !isGivenBack(node)) return [];
    const literal = textsIn(node).join('').trim();
    const isWhole = literal.length > 15 && !/^[a-z]/.test(textsIn(node)[0] ?? '');
    return isWhole ? [{ reasons: [], pattern: whole(patternOf(node)), place: placeOf(node) }] : [];
  });
}

function nodesIn(globs: readonly string[]): readonly ts.Node[] {
  return globs
    .flatMap((glob) => globSync(glob))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return below(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    });
}

function below(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    found.push(child, ...below(child));
  });
  return found;
}

/** A word that is a variable is no sentence of this place. */
function sentenceOf(reason?: ts.Node, message?: ts.Node): readonly Sentence[] {
  if (reason === undefined || message === undefined) return [];
  const reasons = [reason, ...below(reason)].filter(ts.isStringLiteral).map(({ text }) => text);
  const pattern = patternOf(message);
  // What a function makes cannot be read here, and would fit everything.
  if (reasons.length === 0 || pattern === ANYTHING) return [];
  return [{ reasons, pattern: whole(pattern), place: placeOf(message) }];
}

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`);

function patternOf(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return RegExp.escape(node.text);
  if (ts.isParenthesizedExpression(node)) return patternOf(node.expression);
  if (ts.isBinaryExpression(node)) return `${patternOf(node.left)}${patternOf(node.right)}`;
  if (ts.isConditionalExpression(node)) {
    return `(?:${patternOf(node.whenTrue)}|${patternOf(node.whenFalse)})`;
  }
  if (ts.isTemplateExpression(node)) {
    const rest = node.templateSpans.map(({ literal }) => ANYTHING + RegExp.escape(literal.text));
    return RegExp.escape(node.head.text) + rest.join('');
  }
  const made = ts.isIdentifier(node) ? initializerOf(node) : undefined;
  return made === undefined ? ANYTHING : patternOf(made);
}

/** What a name stands for: the last thing of that name that was declared before. */
const initializerOf = (name: ts.Identifier): ts.Expression | undefined =>
  below(name.getSourceFile())
    .filter(ts.isVariableDeclaration)
    .findLast((found) => found.name.getText() === name.text && found.pos < name.pos)?.initializer;

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isBinaryExpression(node) && (isText(node.left) || isText(node.right))) ||
  ts.isTemplateSpan(node);

const textsIn = (node: ts.Node): readonly string[] =>
  [node, ...below(node)].flatMap((part) =>
    ts.isStringLiteralLike(part) ||
    ts.isTemplateHead(part) ||
    ts.isTemplateMiddleOrTemplateTail(part)
      ? [part.text]
      : [],
  );

/** Whether it is what a function `why…` answers, and not what it puts into the answer. */
function isGivenBack(node: ts.Node): boolean {
  if (ts.isSourceFile(node)) return false;
  if (ts.isFunctionDeclaration(node)) return /^why/.test(node.name?.text ?? '');
  return ts.isVariableDeclaration(node) ? isPassedOn(node) : isGivenBack(node.parent);
}

/** A message that is named before it is given back is given back all the same. */
function isPassedOn(declaration: ts.VariableDeclaration): boolean {
  const { name, initializer } = declaration;
  if (name.getText() === 'message') return isGivenBack(declaration.parent);
  return (
    initializer !== undefined && ts.isArrowFunction(initializer) && /^why/.test(name.getText())
  );
}

function member(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = node.properties.find((property) => property.name?.getText() === name);
  if (found === undefined) return undefined;
  if (ts.isPropertyAssignment(found)) return found.initializer;
  return ts.isShorthandPropertyAssignment(found) ? found.name : undefined;
}

function valueOf(node: ts.ObjectLiteralExpression, name: string): string {
  const value = member(node, name);
  return value !== undefined && ts.isStringLiteral(value) ? value.text : '';
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${file.fileName}:${line + 1}`;
}
