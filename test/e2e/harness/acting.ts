import { eventually } from './eventually.ts';
import type { ApiAction, Shop } from './shop.ts';
import type { ApiIncident } from './views.ts';

/** What is asked for: `wish` as it is typed, such as `rollback checkout`. */
export interface Wish {
  readonly incident: ApiIncident;
  readonly wish: string;
  /** Id of the target. */
  readonly target: string;
}

/** Asks for it as Ada, and gives it once it is read: planned, or refused. */
export async function ask(shop: Shop, { incident, wish, target }: Wish): Promise<ApiAction> {
  const [verb = '', ...rest] = wish.split(' ');
  await shop.say('UADA001', `/incident ${verb} ${incident.id} ${rest.join(' ')}`);
  return await shop.actionOn(
    { incident: incident.id, target, what: 'planned' },
    ({ state, verb: done, origin }) =>
      origin.kind === 'person' && done === verb && state !== 'planning',
  );
}

/** The two others approve, of whom the second is not needed where the author is known. */
export async function approve(shop: Shop, action: ApiAction): Promise<void> {
  const { id, planHash, approvalsNeeded } = action;
  for (const person of ['UGRACE1', 'UHEDY01'].slice(0, approvalsNeeded)) {
    await shop.say(person, `/incident approve ${id} ${planHash.slice(0, 8)}`);
  }
}

export interface Hope {
  readonly holds: (action: ApiAction) => boolean;
  readonly withinMs?: number;
}

/** Waits until it holds of an action; tells its story when it does not. */
export const until = (
  shop: Shop,
  { id, target }: ApiAction,
  { holds, withinMs = 30_000 }: Hope,
): Promise<ApiAction> =>
  eventually(
    `what was hoped for of the action on ${target}`,
    async () => {
      const seen = await shop.action(id);
      if (holds(seen)) return seen;
      throw new Error(storyOf(seen).join('\n'));
    },
    { withinMs, everyMs: 250 },
  );

const storyOf = ({ state, timeline }: ApiAction): readonly string[] => [
  state,
  ...timeline.map(({ text, reason }) => `${text} (${reason ?? ''})`),
];

export const isStarted: Hope = { holds: ({ startedAt }) => startedAt !== null };
/** Once a minute somebody looks for what nobody follows, and then follows it. */
const FOLLOWED_WITHIN_MS = 100_000;

export const isConverged: Hope = {
  holds: ({ convergedAt }) => convergedAt !== null,
  withinMs: FOLLOWED_WITHIN_MS,
};
export const isOver: Hope = {
  holds: ({ endedAt }) => endedAt !== null,
  withinMs: FOLLOWED_WITHIN_MS,
};

/** How often the story says so. */
export const told = ({ timeline }: ApiAction, words: RegExp): number =>
  timeline.filter(({ text }) => words.test(text)).length;
