import { textAt } from '../../domain/kubernetes/read.ts';
import type { JsonObject } from '../../domain/shared/json.ts';

/** Whether labels match a selector in the API's own syntax: `a=b,c in (d,e),!f,g`. */
export const matchesSelector = (labels: JsonObject, selector: string): boolean =>
  // Commas within parentheses belong to the list.
  selector
    .split(/,(?![^(]*\))/)
    .filter((term) => term !== '')
    .every((term) => matchesTerm(labels, term.trim()));

function matchesTerm(labels: JsonObject, term: string): boolean {
  const set = /^(\S+) (not)?in \(([^)]*)\)$/.exec(term);
  if (set !== null) return matchesSet(labels, set);
  if (term.startsWith('!')) return !Object.hasOwn(labels, term.slice(1));
  const [name = '', value] = term.split('=');
  return value === undefined ? Object.hasOwn(labels, name) : textAt(labels, [name]) === value;
}

function matchesSet(labels: JsonObject, [, key = '', not, list = '']: RegExpExecArray): boolean {
  const isListed = list.split(',').includes(textAt(labels, [key]));
  return not === undefined ? isListed : !isListed;
}
