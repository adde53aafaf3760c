import type { Json } from '../domain/shared/json.ts';
import type { Labels } from '../domain/shared/labels.ts';
import { cutText, nameSome, type Bounded } from './cut.ts';
import { asText, describeKind, isRecord } from './fields.ts';
import type { IntakeLimits } from './limits.ts';

/** How much of a set of names and values is kept, and what to call it in a sentence. */
export interface LabelBounds {
  readonly what: 'label' | 'annotation';
  readonly count: number;
  readonly nameCodePoints: number;
  readonly valueCodePoints: number;
}

export const labelBounds = (limits: IntakeLimits): LabelBounds => ({
  what: 'label',
  count: limits.labelsPerAlert,
  nameCodePoints: limits.labelNameCodePoints,
  valueCodePoints: limits.labelValueCodePoints,
});

export const annotationBounds = (limits: IntakeLimits): LabelBounds => ({
  what: 'annotation',
  count: limits.annotationsPerAlert,
  nameCodePoints: limits.labelNameCodePoints,
  valueCodePoints: limits.annotationValueCodePoints,
});

/**
 * Reads an object of names and texts. Any name is data, `__proto__` included. Values that are
 * no text are written as JSON; too many entries, long names and long values are cut, one
 * sentence for each kind. The first entries are kept, in the order in which they came.
 */
export function readLabels(value: Json | undefined, bounds: LabelBounds): Bounded<Labels> {
  if (value === undefined || value === null) return { value: {}, cuts: [] };
  if (!isRecord(value)) {
    return { value: {}, cuts: [`The ${bounds.what}s are ${describeKind(value)}, not an object.`] };
  }
  const entries = Object.entries(value);
  const kept = entries.slice(0, bounds.count).map((entry) => readEntry(entry, bounds));
  const labels = Object.fromEntries(kept.map((entry) => [entry.name, entry.text]));
  return { value: labels, cuts: [...countCut(entries, bounds), ...entryCuts(kept, bounds)] };
}

interface Entry {
  readonly name: string;
  readonly text: string;
  readonly longName: boolean;
  readonly longValue: boolean;
  readonly notText: boolean;
}

function readEntry([fullName, value]: readonly [string, Json], bounds: LabelBounds): Entry {
  const fullText = asText(value);
  const name = cutText(fullName, bounds.nameCodePoints);
  const text = cutText(fullText, bounds.valueCodePoints);
  return {
    name,
    text,
    longName: name !== fullName,
    longValue: text !== fullText,
    notText: typeof value !== 'string',
  };
}

function countCut(entries: readonly unknown[], { what, count }: LabelBounds): readonly string[] {
  if (entries.length <= count) return [];
  return [`Of ${entries.length} ${what}s the first ${count} were kept.`];
}

function entryCuts(entries: readonly Entry[], bounds: LabelBounds): readonly string[] {
  const { what } = bounds;
  const sentence = (names: readonly string[], change: string): readonly string[] =>
    names.length === 0 ? [] : [`${names.length} ${what} ${change}: ${nameSome(names)}.`];
  const namesWhere = (test: (entry: Entry) => boolean): readonly string[] =>
    entries.filter(test).map((entry) => entry.name);
  const nameChange = `name(s) cut to ${bounds.nameCodePoints} characters`;
  const valueChange = `value(s) cut to ${bounds.valueCodePoints} characters`;
  return [
    ...sentence(
      namesWhere((entry) => entry.longName),
      nameChange,
    ),
    ...sentence(
      namesWhere((entry) => entry.longValue),
      valueChange,
    ),
    ...sentence(
      namesWhere((entry) => entry.notText),
      'value(s) that were no text',
    ),
  ];
}
