import type { ActionVerb } from '../../domain/action/verb.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import { parametersOf, verbsFor } from '../../domain/policy/target-verbs.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { either, quoted } from './words.ts';

/** What somebody typed after the name of an action: words, and the reason behind two dashes. */
export interface TypedRequest {
  readonly words: readonly string[];
  readonly reason: string;
}

/** Many keyboards make one long dash of two short ones. */
const dashes = /(?:^|\s)(?:--|[–—])(?:\s|$)/;

export function readRequest(args: string): TypedRequest {
  const [before = '', ...after] = args.split(dashes);
  return {
    words: before.split(/\s+/).filter((word) => word !== ''),
    reason: after.join(' – ').trim(),
  };
}

/**
 * The target that a word means: its id, or else the beginning of one id alone, among those that
 * have the verb, then among all.
 */
export function targetNamed(
  targets: readonly TargetPolicy[],
  word: string,
  verb: ActionVerb | null = null,
): TargetPolicy | null {
  const wanted = word.toLowerCase();
  const exact = targets.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const begun = targets.filter(({ id }) => wanted !== '' && id.startsWith(wanted));
  const able = begun.filter((target) => verb === null || verbsFor(target).includes(verb));
  const [only, ...others] = able.length > 0 ? able : begun;
  return only === undefined || others.length > 0 ? null : only;
}

/** Whether a word stands for a parameter rather than for a target that is not there. */
export const isParameter = (word: string): boolean => /^[+-]?\d|=/.test(word);

type Parameters = Readonly<Record<string, string>>;

/** The parameters among the words, and those words that are part of the reason. */
export interface ReadParameters {
  readonly parameters: Parameters;
  readonly reason: string;
}

/**
 * Reads what follows the target: `replicas=8`, or a value alone, which is the number of replicas,
 * by how many, or where to. Where a verb takes no parameter, all of it is the reason.
 */
export function readParameters(
  verb: ActionVerb,
  { words, reason }: TypedRequest,
): Result<ReadParameters, string> {
  const names = parametersOf(verb);
  if (names.length === 0) {
    return ok({ parameters: {}, reason: [...words, reason].join(' ').trim() });
  }
  const read = words.map((word) => readParameter(names, word));
  const unknown = words.find((_, index) => read[index] === null);
  const entries = read.filter((entry) => entry !== null);
  const isTwice = new Set(entries.map(([name]) => name)).size < entries.length;
  if (unknown === undefined && !isTwice) {
    return ok({ parameters: Object.fromEntries(entries), reason });
  }
  const what = unknown === undefined ? 'One parameter came twice' : `${quoted(unknown)} is none`;
  return err(
    `${what}: \`${verb}\` takes ${either(names)}, such as ${examples[verb] ?? 'nothing'}. ` +
      'The reason comes last, after two dashes: `-- errors since the deploy`.',
  );
}

function readParameter(names: readonly string[], word: string): readonly [string, string] | null {
  const [, name = '', value = ''] = /^([a-z]+)=(.+)$/.exec(word) ?? [];
  if (names.includes(name)) return [name, value];
  if (names.includes('to')) return ['to', word];
  if (/^[+-]\d{1,5}%?$/.test(word)) return ['by', word];
  return /^\d{1,5}$/.test(word) ? ['replicas', word] : null;
}

const examples: Readonly<Partial<Record<ActionVerb, string>>> = {
  rollback: '`rollback checkout 16`',
  scale: '`scale checkout 8` or `scale checkout +2`',
  switch: '`switch web green`',
  shift: '`shift web green=90`',
  revert: '`revert checkout`',
};

/** What must be said because nothing can be assumed, in a sentence; null where it was. */
export function whatIsMissing(verb: ActionVerb, parameters: Parameters): string | null {
  if (Object.keys(parameters).length > 0) return null;
  if (verb === 'scale') return 'Say how many: `8` replicas, or `+2` and `-1` for more or fewer.';
  return verb === 'shift' ? 'Say where the traffic goes, in per cent: `green=90`.' : null;
}
