import { after, seconds } from '../shared/time.ts';
import type { Decision } from './decision.ts';
import type { RestAction } from './page-event.ts';
import type { OpenIntent } from './state.ts';
import { openTrigger } from './decide-fallback.ts';
import { supersede } from './supersede.ts';

/** Something for PagerDuty's REST API. */
export interface RestWish {
  readonly action: RestAction;
  /** What is written there, or why it is asked for. */
  readonly text: string;
  readonly target?: string;
  /** A page is asked for in the same breath, and goes first. */
  readonly isBesidePage?: boolean;
}

/** More than this is not kept waiting for PagerDuty's REST API; the oldest gives way. */
const maxWaiting = 20;

/** A page has left by then, unless something is wrong; two reports at once cost each other time. */
const pageFirstMs = seconds(2);

/** Only the newest of each says how it stands. */
const settings: ReadonlySet<OpenIntent['action']> = new Set(['priority', 'urgency']);

/** Asks for something of PagerDuty's REST API, beside and never before the pages. */
export function askRest(decision: Decision, { isBesidePage, ...wish }: RestWish): void {
  for (const intent of waitingIn(decision)) {
    const isOutdone = settings.has(wish.action) && intent.action === wish.action;
    if (isOutdone) supersede(decision, intent, 'a newer one says how it stands');
  }
  const [oldest, ...others] = waitingIn(decision);
  if (oldest !== undefined && others.length + 1 >= maxWaiting) {
    supersede(decision, oldest, `more than ${maxWaiting} things wait for PagerDuty's REST API`);
  }
  const notBeforeMs = isBesidePage ? after(decision.nowMs, pageFirstMs) : decision.nowMs;
  decision.ask({ channel: 'rest', purpose: 'follow', ...wish, notBeforeMs });
}

const waitingIn = ({ incident }: Decision): readonly OpenIntent[] =>
  incident.intents.filter(({ channel }) => channel === 'rest');

/** Keeps PagerDuty's priority in step, where the policy names one for the severity. */
export function askPriority(decision: Decision): void {
  const { severity } = decision.incident;
  const target = decision.context.policy.paging.priorities[severity];
  if (target === null) return;
  const text = `the severity is ${severity}`;
  askRest(decision, { action: 'priority', target, text, isBesidePage: true });
}

/**
 * Has somebody called about an incident that PagerDuty shows as acknowledged. To PagerDuty a
 * trigger on that one is no news: only its REST API makes it one. A page that is still on its way
 * is not asked for twice.
 */
export function callAnew(decision: Decision, text: string): void {
  if (openTrigger(decision.incident) === null) {
    decision.ask({ channel: 'pagerduty', action: 'trigger', purpose: 'open', text });
  }
  askRest(decision, { action: 'retrigger', text, isBesidePage: true });
}
