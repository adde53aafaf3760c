import type { Commit, IncidentEvent, IncidentEventType } from '../incident/event.ts';
import type { Incident } from '../incident/state.ts';
import { isGraver, type PersonPolicy } from '../policy/policy.ts';
import { bold, text, type Phrase } from './phrase.ts';
import { slackIdsOf, whoActed } from './persons.ts';
import type { Line } from './renderer.ts';
import { because, told, type Told, type Tellers, type Telling } from './telling.ts';
import { actionTellers } from './told-actions.ts';
import { coordinationTellers } from './told-coordination.ts';
import { clockTellers } from './told-clocks.ts';

/** What changes the incident itself. What is not in these tables is on the card or in the console. */
const incidentTellers: Tellers = {
  'incident.acknowledged': ({ by }) => told('good', `Acknowledged by ${whoActed(by)}`),
  'incident.unacknowledged': ({ by, reason }) =>
    told('warning', `Acknowledgement taken back by ${whoActed(by)}${because(reason)}`),
  'incident.resolved': ({ by, note }) =>
    told('good', `Resolved by ${whoActed(by)}${because(note)}`),
  'incident.reopened': ({ by, reason }) =>
    told('bad', `Reopened by ${whoActed(by)}${because(reason)}`),
  'severity.changed': ({ from, to, by, reason }) =>
    told(
      isGraver(to, from) ? 'bad' : 'plain',
      [bold(`${from} → ${to}`)],
      ` by ${whoActed(by)}${because(reason.text)}`,
    ),
  'page.requested': ({ channel, text: why }) =>
    channel === 'fallback' ? told('warning', `The second channel pages as well: ${why}`) : null,
  'page.dead_lettered': ({ action, channel, failure }) =>
    action === 'trigger' && channel !== 'rest'
      ? told('bad', `A page was given up, nobody got it: ${failure}`)
      : null,
  'pager.activity': ({ activity, by, text: what }) =>
    activity === 'ping' ? null : told('plain', `In PagerDuty, ${whoActed(by)}${because(what)}`),
};

const reminders: ReadonlySet<IncidentEventType> = new Set(['sla.stage_reached', 'update.due']);

const tellers: Tellers = {
  ...incidentTellers,
  ...clockTellers,
  ...coordinationTellers,
  ...actionTellers,
};

/**
 * The log after `sinceSeq` as lines for the chat, in order. People are mentioned only where they
 * are asked to do something, and nobody for their own act. With `isLate` nobody is mentioned, and
 * nothing said that was only to hurry people hours ago.
 */
export function linesOf(
  commits: readonly Commit[],
  of: {
    readonly incident: Incident;
    readonly people: readonly PersonPolicy[];
    /** Slack ids. */
    readonly onCall: readonly string[];
    readonly sinceSeq: number;
    readonly isLate: boolean;
  },
): readonly Line[] {
  const telling = tellingOf(of);
  return commits.flatMap(({ firstSeq, atMs, events }) =>
    events.flatMap((event, index): readonly Line[] => {
      const seq = firstSeq + index;
      if (seq <= of.sinceSeq || (of.isLate && reminders.has(event.type))) return [];
      // The table has the entry of this type; the compiler cannot tie the two together.
      const tell = tellers[event.type] as
        ((of: IncidentEvent, by: Telling) => Told | null) | undefined;
      const line = tell?.(event, telling) ?? null;
      return line === null ? [] : [{ seq, atMs, ...line }];
    }),
  );
}

const idsOf = (people: readonly PersonPolicy[], names: readonly string[]): readonly string[] =>
  people.flatMap(({ id, name }) => (names.includes(name) ? [id] : []));

type TellingOf = Parameters<typeof linesOf>[1];

function tellingOf({ incident, people, onCall, isLate }: TellingOf): Telling {
  const mentions = (slackIds: readonly string[]): Phrase =>
    slackIds.flatMap((slackUserId) => [text(' '), { kind: 'mention', slackUserId }]);
  return {
    incident,
    mention: (ids) => (isLate ? [] : mentions(slackIdsOf(people, ids))),
    mentionNamed: (names) => (isLate ? [] : mentions(slackIdsOf(people, idsOf(people, names)))),
    onCall: isLate ? [] : mentions(onCall),
  };
}
