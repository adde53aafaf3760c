import type { Action } from '../../domain/action/action.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { nameOfAction } from './action-answers.ts';
import type { VerbCall } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** The action that is meant and what else was said, or the sentence that asks which. */
export type FoundAction =
  | { readonly kind: 'found'; readonly action: Action; readonly rest: string }
  | { readonly kind: 'unclear'; readonly text: string };

/** Which one is meant where none is named: one of which this holds. */
export interface WantedAction {
  readonly isWanted: (action: Action) => boolean;
  /** Said where there is none such. */
  readonly none: string;
}

type Finding = Promise<Result<FoundAction, PortFailure>>;

const unclear = (text: string) => ok({ kind: 'unclear', text } as const);

const wholeId = /^a[0-9a-f]{15}$/;
/** Five characters or more, as of incidents. */
const beginning = /^a[0-9a-f]{4,14}$/;

/**
 * Finds the action that somebody means, within their own tenant: by its id or the unique beginning
 * of it; else the only one of the incident that is wanted, else the only one of all. A button
 * names an action of its own incident, and no other.
 */
export async function findAction(call: VerbCall, wanted: WantedAction): Finding {
  const { word, rest } = firstWord(call.args);
  const id = word.toLowerCase();
  if (wholeId.test(id)) return byId(call, { id, rest });
  if (call.isDrawn) return unclear(noSuchAction);
  const listed = await readActions(call, wanted);
  if (!listed.ok) return listed;
  const { open, all } = listed.value;
  const named = beginning.test(id) ? byBeginning(all, { id, rest }) : null;
  return named === null ? theOnly(call, { open, none: wanted.none }) : ok(named);
}

/** Null where nothing begins so and the word may be the beginning of a reason. */
function byBeginning(
  all: readonly Action[],
  { id, rest }: { readonly id: string; readonly rest: string },
): FoundAction | null {
  const [action, ...others] = all.filter((one) => one.id.startsWith(id));
  if (others.length > 0) {
    return { kind: 'unclear', text: `${quoted(id)} begins several ids: give more of it.` };
  }
  if (action !== undefined) return { kind: 'found', action, rest };
  return /\d/.test(id)
    ? { kind: 'unclear', text: `There is no action ${quoted(id)}. ${listThem}` }
    : null;
}

const listThem = '`actions` lists what is open and what ended last.';
const noSuchAction = `There is no such action. ${listThem}`;

async function byId(
  { deps, tenant, incident, isDrawn }: VerbCall,
  { id, rest }: { readonly id: string; readonly rest: string },
): Finding {
  const loaded = await deps.actionRows.load(tenant.id, id);
  if (!loaded.ok) return loaded;
  const action = loaded.value;
  const isForged = isDrawn && action?.incidentId !== incident?.id;
  return action === null || isForged ? unclear(noSuchAction) : ok({ kind: 'found', action, rest });
}

const mostListed = 50;

async function readActions(
  { deps, tenant }: VerbCall,
  { isWanted }: WantedAction,
): Promise<
  Result<{ readonly open: readonly Action[]; readonly all: readonly Action[] }, PortFailure>
> {
  const list = (status: 'open' | 'ended') =>
    deps.actionRows.list({ tenant: tenant.id, status, limit: mostListed, after: null });
  const [open, ended] = await Promise.all([list('open'), list('ended')]);
  if (!open.ok) return open;
  if (!ended.ok) return ended;
  const all = [...open.value.actions, ...ended.value.actions];
  return ok({ open: all.filter(isWanted), all });
}

function theOnly(
  { incident, args }: VerbCall,
  { open, none }: { readonly open: readonly Action[]; readonly none: string },
): Result<FoundAction, PortFailure> {
  const here = open.filter(({ incidentId }) => incidentId === incident?.id);
  const meant = incident === null ? open : here;
  const [action, ...others] = meant;
  if (action === undefined) return unclear(none);
  if (others.length === 0) return ok({ kind: 'found', action, rest: args.trim() });
  const lines = meant.slice(0, 8).map(nameOfAction);
  return unclear(`Which one? Say its id first, five characters are enough:\n${lines.join('\n')}`);
}
