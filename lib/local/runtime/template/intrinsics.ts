import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import { TemplateError } from './model.ts';

/** What the intrinsic functions of a template ask about. `at` names the place for the error. */
export interface IntrinsicScope {
  readonly ref: (logicalId: string, at: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string, at: string) => unknown;
  readonly mapping: (path: readonly [string, string, string], at: string) => unknown;
}

/** The value of `AWS::NoValue`: the property that holds it does not exist. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: IntrinsicScope, at: string) => unknown;

const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (argument, scope, at) => scope.ref(text(argument, at), at)],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Join', join],
  ['Fn::Sub', substitute],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::FindInMap', findInMap],
]);

/**
 * A template value with every intrinsic function replaced by what it stands for on this machine.
 * Throws `TemplateError` naming the place for a function that is not supported here and for anything
 * that cannot be resolved.
 */
export function resolveValue(value: unknown, scope: IntrinsicScope, at: string): unknown {
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolveValue(item, scope, `${at}[${String(index)}]`))
      .filter((item) => item !== NO_VALUE);
  }
  if (!isJsonObject(value)) return value;
  const intrinsic = intrinsicOf(value);
  if (intrinsic === undefined) return resolveProperties(value, scope, at);
  const run = INTRINSICS.get(intrinsic.name);
  if (run === undefined) {
    throw new TemplateError(
      `${at} uses ${intrinsic.name}, which this runtime does not resolve. It resolves ${[...INTRINSICS.keys()].join(', ')}.`,
    );
  }
  return run(intrinsic.argument, scope, at);
}

function resolveProperties(value: JsonObject, scope: IntrinsicScope, at: string): JsonObject {
  const entries = Object.entries(value)
    .map(([key, item]) => [key, resolveValue(item, scope, `${at}.${key}`)] as const)
    .filter(([, item]) => item !== NO_VALUE);
  return Object.fromEntries(entries);
}

function intrinsicOf(value: JsonObject): { name: string; argument: unknown } | undefined {
  const keys = Object.keys(value);
  const [name] = keys;
  if (name === undefined || keys.length !== 1) return undefined;
  const isIntrinsic = name === 'Ref' || name.startsWith('Fn::');
  return isIntrinsic ? { name, argument: ownValue(value, name) } : undefined;
}

function getAttribute(argument: unknown, scope: IntrinsicScope, at: string): unknown {
  if (typeof argument === 'string') return dotted(argument, scope, at);
  const [logicalId, attribute] = list(argument, at);
  return scope.attribute(text(logicalId, at), text(resolveValue(attribute, scope, at), at), at);
}

function dotted(reference: string, scope: IntrinsicScope, at: string): unknown {
  const dot = reference.indexOf('.');
  if (dot < 0) return scope.ref(reference, at);
  return scope.attribute(reference.slice(0, dot), reference.slice(dot + 1), at);
}

function join(argument: unknown, scope: IntrinsicScope, at: string): string {
  const [separator, parts] = list(argument, at);
  const resolved = list(resolveValue(parts, scope, at), at);
  return resolved.map((part) => text(part, at)).join(text(separator, at));
}

function split(argument: unknown, scope: IntrinsicScope, at: string): readonly string[] {
  const [separator, source] = list(argument, at);
  return text(resolveValue(source, scope, at), at).split(text(separator, at));
}

function select(argument: unknown, scope: IntrinsicScope, at: string): unknown {
  const [index, source] = list(argument, at);
  const items = list(resolveValue(source, scope, at), at);
  const position = Number(resolveValue(index, scope, at));
  if (!Number.isInteger(position) || position < 0 || position >= items.length) {
    throw new TemplateError(
      `${at} selects item ${String(index)} of a list of ${String(items.length)}.`,
    );
  }
  return items[position];
}

function findInMap(argument: unknown, scope: IntrinsicScope, at: string): unknown {
  const [map, top, second] = list(argument, at).map((part) =>
    text(resolveValue(part, scope, at), at),
  );
  if (map === undefined || top === undefined || second === undefined) {
    throw new TemplateError(`${at} uses Fn::FindInMap with fewer than three names.`);
  }
  return scope.mapping([map, top, second], at);
}

/** `${Name}`, `${Name.Attribute}`, and `${!Literal}`, which stands for `${Literal}` itself. */
function substitute(argument: unknown, scope: IntrinsicScope, at: string): string {
  const [pattern, variables] = Array.isArray(argument) ? list(argument, at) : [argument, {}];
  const own = isJsonObject(variables) ? variables : {};
  return text(pattern, at).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const trimmed = name.trim();
    const value = Object.hasOwn(own, trimmed)
      ? resolveValue(own[trimmed], scope, at)
      : dotted(trimmed, scope, at);
    return text(value, at);
  });
}

function text(value: unknown, at: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${at} needs a text, and got ${describe(value)}.`);
}

function list(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${at} needs a list, and got ${describe(value)}.`);
}

function describe(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
