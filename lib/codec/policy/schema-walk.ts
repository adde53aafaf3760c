import * as z from 'zod';
import { hints, type Hint } from './fields.ts';
import type { Path } from './problem.ts';
import { valueAt } from './value-at.ts';

/**
 * The part of a schema that describes a path of the content, or null where the schema has no such
 * place. Of layouts that differ by kind it is the one whose kind the content names.
 */
export function schemaAt(
  root: z.core.$ZodType,
  path: Path,
  content: unknown,
): z.core.$ZodType | null {
  let schema: z.core.$ZodType | null = root;
  for (const [index, step] of path.entries()) {
    if (schema === null) return null;
    const child = childOf(bare(schema), step);
    schema = child === null ? null : meantBy(child, valueAt(content, path.slice(0, index + 1)));
  }
  return schema;
}

/** The layout for the kind that a value names; all of them when it names none. */
function meantBy(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  const inner = bare(schema);
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return schema;
  const kind = valueAt(value, [kindKey]);
  return layoutsOf(inner).find((layout) => kindOf(layout) === kind) ?? schema;
}

/** The key by which all layouts of this file differ. */
const kindKey = 'kind';

const layoutsOf = (union: z.ZodDiscriminatedUnion): readonly z.ZodObject[] =>
  union.options.filter((option) => option instanceof z.ZodObject);

function kindOf(layout: z.ZodObject): string {
  const kind: unknown = layout.shape[kindKey];
  return kind instanceof z.ZodLiteral ? String(kind.value) : '';
}

function childOf(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | null {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    return Object.hasOwn(shape, step) ? (shape[step] ?? null) : null;
  }
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodUnion ? childOfUnion(schema, step) : null;
}

function childOfUnion(schema: z.ZodUnion, step: string | number): z.core.$ZodType | null {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return step === kindKey ? z.enum(layoutsOf(schema).map(kindOf)) : null;
  }
  const list = schema.options.find((option) => option instanceof z.ZodArray);
  return list === undefined ? null : childOf(list, step);
}

/** The schema of the value itself, without what says that it may be absent or is transformed. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional) return bare(schema.unwrap());
  if (schema instanceof z.ZodDefault) return bare(schema.unwrap());
  if (schema instanceof z.ZodPrefault) return bare(schema.unwrap());
  if (schema instanceof z.ZodPipe) return bare(schema.in);
  return schema;
}

/** The keys that a mapping takes, or none when the schema is no mapping. */
export function keysOf(schema: z.core.$ZodType | null): readonly string[] {
  const inner = schema === null ? null : bare(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** The words that a value may be, or none when it is not one of a few. */
export function choicesOf(schema: z.core.$ZodType | null): readonly string[] {
  const inner = schema === null ? null : bare(schema);
  return inner instanceof z.ZodEnum ? inner.options.map(String) : [];
}

/** The key part of a mapping whose keys people choose. */
export function keySchemaOf(schema: z.core.$ZodType | null): z.core.$ZodType | null {
  const inner = schema === null ? null : bare(schema);
  return inner instanceof z.ZodRecord ? inner.keyType : null;
}

/** What a place takes and an example of it, from its hint or from its kind. */
export function hintOf(schema: z.core.$ZodType | null): Hint {
  if (schema === null) return { allowed: 'nothing', example: '' };
  const inner = bare(schema);
  const hint = hints.get(inner);
  if (hint !== undefined) return hint;
  const choices = choicesOf(inner);
  if (choices.length > 0) return { allowed: oneOf(choices), example: choices[0] ?? '' };
  if (inner instanceof z.ZodArray) {
    const item = hintOf(inner.element);
    return { allowed: `a list; each item: ${item.allowed}`, example: `[${item.example}]` };
  }
  const keys = keysOf(inner);
  return keys.length > 0
    ? { allowed: `a mapping with ${oneOf(keys)}`, example: '{}' }
    : { allowed: 'a mapping from names to values', example: '{ name: value }' };
}

/** Words as people list them. */
export const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
