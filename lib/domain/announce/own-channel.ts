import type { Incident } from '../incident/state.ts';
import type { SlackPolicy, TenantPolicy } from '../policy/policy.ts';
import { plainText } from '../shared/plain-text.ts';
import { after, type EpochMs } from '../shared/time.ts';
import { leadsOf, slackIdsOf } from './persons.ts';
import type { ChatRow, OwnChannel } from './row.ts';

/** Slack: lower case letters, digits, `-` and `_`, at most 80. */
const maxNameLength = 80;
const maxTopicLength = 250;
/** Names that are tried before the thread has to serve. */
const maxNames = 5;

/** Whether the incident is to have a channel and has none yet. */
export const wantsOwnChannel = (
  { severity, state }: Incident,
  row: ChatRow,
  { ownChannel }: SlackPolicy,
): boolean =>
  state !== 'resolved' &&
  row.own === null &&
  !row.isOwnRefused &&
  row.takenNames < maxNames &&
  ownChannel.severities.includes(severity);

/** `inc-k3v9m-2q7xzwn-checkout-is-down`, with a number at the end where names were taken. */
export function channelName(
  { id, title }: Incident,
  { ownChannel }: SlackPolicy,
  takenNames: number,
): string {
  const suffix = takenNames === 0 ? '' : `-${takenNames + 1}`;
  const name = [ownChannel.prefix, id, title]
    .map((part) =>
      part
        .toLowerCase()
        .normalize('NFKD')
        .replace(/[^a-z0-9]+/g, '-'),
    )
    .map((part) => part.replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('-');
  return `${name.slice(0, maxNameLength - suffix.length).replace(/-+$/, '')}${suffix}`;
}

/** What the channel's head says. Nothing of the title can be taken for Slack's own signs. */
export function topicOf(incident: Incident): string {
  const { severity, state, progress, title } = incident;
  const standing = state !== 'resolved' && progress !== null ? `${state}, ${progress}` : state;
  const commander = incident.roles.find(({ role }) => role === 'commander')?.person.name;
  const parts = [
    `${severity} ${standing}`,
    ...(commander === undefined ? [] : [`commander ${commander}`]),
    title,
  ];
  const safe = parts.join(' · ').replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '+');
  return plainText(safe, maxTopicLength);
}

/** Slack ids of those who belong into the channel and were not invited yet. */
export function toInvite(
  incident: Incident,
  of: {
    readonly own: OwnChannel;
    readonly tenant: TenantPolicy;
    readonly slack: SlackPolicy;
    /** Slack ids. */
    readonly onCall: readonly string[];
  },
): readonly string[] {
  const roles = incident.roles.map(({ person }) => person.id);
  const ids = [...roles, ...leadsOf(incident), ...of.slack.ownChannel.invite];
  const wanted = new Set([...of.onCall, ...slackIdsOf(of.tenant.people, ids)]);
  return [...wanted].filter((id) => !of.own.invited.includes(id));
}

/** When the channel is to be archived; null when it is not, or not yet known. */
export function archiveAt(
  { closedAtMs }: Incident,
  { own }: ChatRow,
  { ownChannel }: SlackPolicy,
): EpochMs | null {
  if (own === null || own.isOver || closedAtMs === null) return null;
  return ownChannel.archiveAfterMs === null ? null : after(closedAtMs, ownChannel.archiveAfterMs);
}
