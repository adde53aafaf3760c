import { labelsOf, textAt, textsAt, valueAt, listAt, type KubeObject } from '../fields.ts';
import type { Json } from '../../../../domain/shared/json.ts';

type Labels = Readonly<Record<string, string>>;
export type LabelTest = (labels: Labels) => boolean;

const labelIn = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

/** Kubernetes' label syntax: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, comma for and. */
export function labelTest(selector: string): LabelTest {
  const tests = selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .map(termTest);
  return (labels) => tests.every((test) => test(labels));
}

const NONE: LabelTest = () => false;

function termTest(term: string): LabelTest {
  const [, key, operator, value = ''] =
    /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term) ??
    /^([^!=\s]+)\s*(==|=|!=)\s*(.*)$/.exec(term) ??
    [];
  if (key !== undefined) {
    const isNegated = operator === 'notin' || operator === '!=';
    const listed = value.split(',').map((one) => one.trim());
    return (labels) => listed.includes(labelIn(labels, key) ?? '\0') !== isNegated;
  }
  if (term.startsWith('!')) return (labels) => labelIn(labels, term.slice(1)) === undefined;
  return /\s/.test(term) ? NONE : (labels) => labelIn(labels, term) !== undefined;
}

/** Whether an object's labels fit `spec.selector` of a workload. An empty selector fits nothing. */
export function selects(selector: Json | undefined, object: KubeObject): boolean {
  const labels = labelsOf(object);
  const wanted = Object.entries(textsAt(selector, 'matchLabels'));
  const expressions = listAt(selector, 'matchExpressions');
  return (
    wanted.length + expressions.length > 0 &&
    wanted.every(([key, value]) => labelIn(labels, key) === value) &&
    expressions.every((expression) => fits(expression, labels))
  );
}

function fits(expression: Json, labels: Labels): boolean {
  const value = labelIn(labels, textAt(expression, 'key'));
  const isListed = listAt(expression, 'values').includes(value ?? '\0');
  const answers = new Map([
    ['In', isListed],
    ['NotIn', !isListed],
    ['Exists', value !== undefined],
    ['DoesNotExist', value === undefined],
  ]);
  return answers.get(textAt(expression, 'operator')) === true;
}

/** `a.b=c`, `a.b!=c`, comma for and: any path of the object whose value is a text or a number. */
export function fieldTest(selector: string): (object: KubeObject) => boolean {
  const terms = selector
    .split(',')
    .filter((term) => term !== '')
    .map((term) => /^([^!=]+)(==|=|!=)(.*)$/.exec(term) ?? []);
  return (object) =>
    terms.every(([, path = '', operator, wanted = '']) => {
      const value = valueAt(object, ...path.split('.'));
      const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      const isEqual = text === wanted;
      return isEqual === (operator !== '!=');
    });
}
