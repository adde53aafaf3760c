import type { ChatMessage } from '../../domain/announce/message.ts';
import type { CardInput } from '../../domain/announce/renderer.ts';
import { isAdopted } from '../../domain/incident/adopted.ts';
import { openedByHand } from '../../domain/incident/declared.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { context, header, section, type MessageBlock } from './blocks.ts';
import { actionsFor } from './card-actions.ts';
import { clockPieces } from './card-clocks.ts';
import { linkPieces } from './card-links.ts';
import { nameOf, peoplePieces } from './card-people.ts';
import { workPieces } from './card-work.ts';
import { headline } from './headline.ts';
import { slackLimits } from './limits.ts';
import { fitted, instant, joined, newline, shown, strong, words, type Piece } from './mrkdwn.ts';

/**
 * One incident as one message, for somebody who was woken by it and reads it on a phone: what it
 * is, how long is left, who has it, where to look, what to press.
 */
export function renderCard(input: CardInput, ownHosts: readonly string[]): ChatMessage {
  const { incident } = input;
  return { text: fallbackText(incident), blocks: cardBlocks(input, ownHosts) };
}

/** The blocks of the card: at most ten. */
export const cardBlocks = (
  input: CardInput,
  ownHosts: readonly string[],
): readonly MessageBlock[] => [
  ...factBlocks(input, ownHosts),
  actionsFor(input.incident, input.tenant),
];

/** The card without its buttons, to be read only. */
export function factBlocks(input: CardInput, ownHosts: readonly string[]): readonly MessageBlock[] {
  const { incident, tenant } = input;
  const links = linkPieces(input, ownHosts);
  const work = workPieces(input, ownHosts);
  return [
    header(headline(incident)),
    section(whatPieces(incident, tenant)),
    section(clockPieces(incident)),
    section(peoplePieces(incident)),
    ...(work.length === 0 ? [] : [section(work)]),
    ...updateBlocks(incident),
    ...(links.length === 0 ? [] : [section(links)]),
    context(factPieces(incident)),
  ];
}

/** What notifications and screen readers say. */
export const fallbackText = (incident: Incident): string =>
  fitted(
    [words(headline(incident)), ...(hasSummary(incident) ? [words(`: ${incident.summary}`)] : [])],
    slackLimits.fallbackLength,
  );

const hasSummary = ({ summary, title }: Incident): boolean =>
  shown(summary) !== '' && !shown(title).includes(shown(summary));

function whatPieces(incident: Incident, tenant: TenantPolicy): readonly Piece[] {
  const place = placePieces(incident, tenant);
  // What PagerDuty gave us has no other summary than that it is from there.
  const summary = hasSummary(incident) && !isAdopted(incident) ? [[words(incident.summary)]] : [];
  const origin = openedByHand(incident) ?? alertWords(incident);
  return joined([...(place.length === 0 ? [] : [place]), ...summary, [words(origin)]], newline);
}

/** Where the problem is, in the words of the policy; empty when that is not known. */
function placePieces(incident: Incident, { services }: TenantPolicy): readonly Piece[] {
  const { service, team, environment, isOperator } = incident;
  const named = services.find(({ id }) => id === service)?.name ?? service;
  const first = isOperator ? 'Tocsin itself' : named;
  const rest = [team, environment].filter((word) => word !== '');
  if (first === '' && rest.length === 0) return [];
  return first === ''
    ? [words(rest.join(' · '))]
    : [strong(first), words(rest.map((word) => ` · ${word}`).join(''))];
}

function alertWords({ totals, isIncomplete, services }: Incident): string {
  const { firing, episodes } = totals;
  const of = `${episodes} ${episodes === 1 ? 'alert' : 'alerts'}`;
  const fire = firing === 0 ? `None of ${of} fires any more` : `${firing} of ${of} firing`;
  const wide = services.length > 1 ? ` in ${services.length} services` : '';
  return `${fire}${wide}${isIncomplete ? '; the source left some out' : ''}`;
}

/** What stakeholders were told last, and when they wait for more. */
function updateBlocks(incident: Incident): readonly MessageBlock[] {
  const { latestUpdate: told, updateDueAtMs } = incident;
  const due = updateDueAtMs === null ? [] : [[words('Next update due '), instant(updateDueAtMs)]];
  if (told === null) return due.length === 0 ? [] : [context(joined(due, newline))];
  const parts = [
    ['', told.issue],
    ['Impact: ', told.impact],
    ['Actions: ', told.actions],
    ['Estimate: ', told.estimate],
  ] as const;
  return [
    section(
      joined(
        [
          [strong('Update'), words(` by ${nameOf(told.by)} `), instant(told.atMs)],
          ...parts
            .filter(([, text]) => text.trim() !== '')
            .map(([name, text]) => [words(`${name}${shown(text, 500)}`)]),
          ...due,
        ],
        newline,
      ),
    ),
  ];
}

/** For those who want to know more. */
function factPieces(incident: Incident): readonly Piece[] {
  const { id, openedAtMs, severity, severityReason, reopenCount } = incident;
  const reopened = reopenCount === 0 ? '' : `, reopened ${reopenCount} times`;
  return joined(
    [
      [words(`${id}, opened `), instant(openedAtMs), words(reopened)],
      [words(`${severity}: ${shown(severityReason.text, 200)}`)],
      ...aftermath(incident),
    ],
    words(' · '),
  );
}

/** What follows a resolve. */
function aftermath(incident: Incident): readonly (readonly Piece[])[] {
  const { state, postmortem, postmortemDueAtMs, closeAtMs, closedAtMs } = incident;
  if (state !== 'resolved') return [];
  return [
    ...(postmortem === null && postmortemDueAtMs !== null
      ? [[words('post-mortem due '), instant(postmortemDueAtMs)]]
      : []),
    ...(closedAtMs === null && closeAtMs !== null ? [[words('closes '), instant(closeAtMs)]] : []),
  ];
}
