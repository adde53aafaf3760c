import type { PersonPolicy } from '../../domain/policy/policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { quoted } from './words.ts';

/** Whose name somebody can type, and who types it. */
export interface People {
  readonly people: readonly PersonPolicy[];
  readonly self: PersonPolicy;
}

const selfWords: readonly string[] = ['me', 'myself'];
const shownPeople = 10;

/**
 * The person of the policy that a word means: a mention (`<@U…>`), an id, a mail address, a name,
 * a first name that only one has, or `me`. Otherwise the sentence that says whom there is.
 */
export function findPerson(word: string, { people, self }: People): Result<PersonPolicy, string> {
  const mention = /^<@([A-Z0-9]+)>$/.exec(word)?.[1];
  const wanted = word.replace(/^@/, '').toLowerCase();
  if (selfWords.includes(wanted)) return ok(self);
  const found =
    mention === undefined
      ? byName(wanted, people)
      : people.find(({ slackUserId }) => slackUserId === mention);
  if (found !== undefined) return ok(found);
  const whom = mention === undefined ? `called ${quoted(word)}` : 'whom you mentioned';
  const ids = people.slice(0, shownPeople).map(({ id }) => id);
  const more = people.length > shownPeople ? ', …' : '';
  return err(`The policy knows nobody ${whom}. It knows: ${ids.join(', ')}${more}.`);
}

function byName(wanted: string, people: readonly PersonPolicy[]): PersonPolicy | undefined {
  const exact = people.find(({ id, name, email }) =>
    [id, name, email ?? ''].some((each) => each.toLowerCase() === wanted),
  );
  if (exact !== undefined) return exact;
  const [only, ...others] = people.filter(
    ({ name }) => name.toLowerCase().split(' ')[0] === wanted,
  );
  return others.length === 0 ? only : undefined;
}

/** A text that a person typed, with mentions as names: a note is read by others, much later. */
export function proseOf(text: string, people: readonly PersonPolicy[]): string {
  return text.trim().replace(/<@([A-Z0-9]+)>/g, (whole, userId: string) => {
    const person = people.find(({ slackUserId }) => slackUserId === userId);
    return person === undefined ? whole : `@${person.name}`;
  });
}
