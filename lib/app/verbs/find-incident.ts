import type { Incident } from '../../domain/incident/state.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Store } from '../../ports/store.ts';
import { nameOf } from './answers.ts';
import { firstWord, quoted } from './words.ts';

/** The incident that is meant and what else was said, or the sentence that asks which. */
export type Found =
  | { readonly kind: 'found'; readonly incident: Incident; readonly rest: string }
  | {
      readonly kind: 'unclear';
      readonly text: string;
      /** Those that could be meant, where nothing was said that rules them out. */
      readonly candidates: readonly Incident[];
    };

export interface Wanted {
  readonly tenant: string;
  readonly args: string;
  readonly among: 'open' | 'closed';
  /** Whether a first word that only looks like an id may be text. */
  readonly isProse: boolean;
  /** The incident whose own place the caller speaks in; null elsewhere. */
  readonly here: () => Promise<Result<string | null, PortFailure>>;
}

type Finding = Promise<Result<Found, PortFailure>>;
type Reader = { readonly store: Pick<Store, 'loadIncident' | 'listIncidents'> };

const unclear = (text: string, candidates: readonly Incident[] = []) =>
  ok({ kind: 'unclear', text, candidates } as const);

/**
 * Finds the incident that somebody means, within their own tenant: the id or the unique beginning
 * of one that comes first; else the one of the place; else the only one there is. What another
 * tenant has is as unknown as what is nowhere.
 */
export async function findIncident(reader: Reader, wanted: Wanted): Finding {
  const { word, rest } = firstWord(wanted.args);
  const id = word.replace(/^#/, '').toLowerCase();
  if (wholeId.test(id)) return byId(reader, wanted, { id, rest });
  if (beginning.test(id)) {
    const named = await byBeginning(reader, wanted, { id, rest });
    if (!named.ok) return named;
    if (named.value !== null) return ok(named.value);
    const isMeant = word.startsWith('#') || (/\d/.test(id) && !wanted.isProse);
    if (isMeant) return unclear(`There is no incident ${quoted(id)}. \`list\` shows what is open.`);
  }
  return byPlace(reader, wanted);
}

const wholeId = /^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{7}$/;
/** Five letters or more; ids have no i, l, o and u. */
const beginning = /^[0-9a-hjkmnp-tv-z]{5}(?:-[0-9a-hjkmnp-tv-z]{0,6})?$/;

/** Whether a word can be nothing but an id, or the beginning of one. */
export function looksLikeId(word: string): boolean {
  const id = word.replace(/^#/, '').toLowerCase();
  return wholeId.test(id) || (beginning.test(id) && /\d/.test(id));
}

async function byId(
  { store }: Reader,
  { tenant }: Wanted,
  { id, rest }: { readonly id: string; readonly rest: string },
): Finding {
  const loaded = await store.loadIncident(tenant, id);
  if (!loaded.ok) return loaded;
  if (loaded.value === null) {
    return unclear(`There is no incident ${quoted(id)}. \`list\` shows what is open.`);
  }
  return ok({ kind: 'found', incident: loaded.value, rest });
}

/** Null when no incident, open or lately closed, has an id that begins so. */
async function byBeginning(
  { store }: Reader,
  { tenant }: Wanted,
  { id, rest }: { readonly id: string; readonly rest: string },
): Promise<Result<Found | null, PortFailure>> {
  for (const status of ['open', 'closed'] as const) {
    const listed = await store.listIncidents({ tenant, status, limit: 100, after: null });
    if (!listed.ok) return listed;
    const [incident, ...others] = listed.value.incidents.filter((one) => one.id.startsWith(id));
    if (others.length > 0) return unclear(`${quoted(id)} begins several ids: give more of it.`);
    if (incident !== undefined) return ok({ kind: 'found', incident, rest });
  }
  return ok(null);
}

const shownIncidents = 8;

async function byPlace(reader: Reader, wanted: Wanted): Finding {
  const { tenant, among } = wanted;
  const rest = wanted.args.trim();
  const here = await wanted.here();
  if (!here.ok) return here;
  if (here.value !== null) return byId(reader, wanted, { id: here.value, rest });
  const limit = shownIncidents;
  const listed = await reader.store.listIncidents({ tenant, status: among, limit, after: null });
  if (!listed.ok) return listed;
  const { incidents, next } = listed.value;
  const [only, ...others] = incidents;
  if (only === undefined) return unclear(none[among]);
  if (others.length === 0 && next === null) return ok({ kind: 'found', incident: only, rest });
  const lines = [...incidents.map(nameOf), ...(next === null ? [] : ['…'])];
  const text = `Which one? Say its id first, five letters are enough:\n${lines.join('\n')}`;
  return unclear(text, incidents);
}

const none: Readonly<Record<Wanted['among'], string>> = {
  open: 'No incident is open: `list closed` shows the last ones.',
  closed: 'No incident is resolved yet.',
};
