import type { Incident } from '../incident/state.ts';
import type { SlackPolicy, TenantPolicy } from '../policy/policy.ts';
import { after, between, minutes, seconds, type EpochMs } from '../shared/time.ts';
import type { ChatPlace } from './message.ts';
import { archiveAt, channelName, topicOf, toInvite, wantsOwnChannel } from './own-channel.ts';
import type { Line } from './renderer.ts';
import type { ChatRow, OwnChannel, PendingPost, PostPurpose } from './row.ts';

/** Told later than this, lines become one summary, and nobody is pinged for them. */
export const lateAfterMs = minutes(10);

/** So long after a post of unknown outcome the chat must show it, if it was made. */
export const outcomeAfterMs = seconds(15);

/** What is wanted of the chat, beside what the row says it shows. */
export interface ChatView {
  readonly incident: Incident;
  readonly tenant: TenantPolicy;
  readonly slack: SlackPolicy;
  readonly row: ChatRow;
  /** What of the log is to be told and was not. */
  readonly lines: readonly Line[];
  /** Digests of the card as it is to be, in the default channel and in the own one. */
  readonly digests: { readonly home: string; readonly own: string };
  /** Slack ids of those on call; empty where nobody is to be invited. */
  readonly onCall: readonly string[];
  readonly nowMs: EpochMs;
}

export type Step =
  /** Looks whether a post of unknown outcome was made. */
  | { readonly kind: 'find'; readonly pending: PendingPost }
  | { readonly kind: 'post'; readonly place: ChatPlace; readonly purpose: PostPurpose }
  | { readonly kind: 'update'; readonly which: 'home' | 'own' }
  | { readonly kind: 'create-channel'; readonly name: string; readonly isPrivate: boolean }
  | { readonly kind: 'set-topic'; readonly own: OwnChannel; readonly topic: string }
  | { readonly kind: 'invite'; readonly own: OwnChannel; readonly userIds: readonly string[] }
  | { readonly kind: 'archive'; readonly own: OwnChannel }
  /** Nothing to do now; look again at the instant, if one is given. */
  | { readonly kind: 'rest'; readonly toldSeq: number; readonly nextAtMs: EpochMs | null };

/**
 * The next call that brings the chat nearer to what it should show, most needed first: the card
 * that everybody sees, the incident's own channel, what the cards say, and then the lines. Called
 * anew after each, until it says `rest`.
 */
export function nextStep(view: ChatView): Step {
  const { row, incident, nowMs } = view;
  if (row.pending !== null) {
    const knownAtMs = after(row.pending.atMs, outcomeAfterMs);
    return knownAtMs <= nowMs
      ? { kind: 'find', pending: row.pending }
      : { kind: 'rest', toldSeq: row.toldSeq, nextAtMs: knownAtMs };
  }
  if (isHistory(view)) return { kind: 'rest', toldSeq: incident.version, nextAtMs: null };
  for (const plan of inOrder) {
    const step = plan(view);
    if (step !== null) return step;
  }
  return lastStep(view);
}

/** Over before the chat ever showed it, and not just now: a summary may name it, a card would not help. */
const isHistory = ({ row, incident, nowMs }: ChatView): boolean =>
  row.home === null &&
  incident.state === 'resolved' &&
  between(incident.openedAtMs, nowMs) > lateAfterMs;

function cardStep({ row: { home }, slack, digests }: ChatView): Step | null {
  if (home !== null) return null;
  const place = { channel: slack.channel, threadTs: null };
  return { kind: 'post', place, purpose: { kind: 'home-card', digest: digests.home } };
}

function ownCardStep({ row, incident, slack, digests }: ChatView): Step | null {
  if (wantsOwnChannel(incident, row, slack)) {
    const name = channelName(incident, slack, row.takenNames);
    return { kind: 'create-channel', name, isPrivate: slack.ownChannel.isPrivate };
  }
  if (!isUsed(row.own) || row.own.card !== null) return null;
  const place = { channel: row.own.id, threadTs: null };
  return { kind: 'post', place, purpose: { kind: 'own-card', digest: digests.own } };
}

function updateStep({ row: { home, own }, digests }: ChatView): Step | null {
  if (home?.digest !== digests.home) return { kind: 'update', which: 'home' };
  return isUsed(own) && own.card?.digest !== digests.own ? { kind: 'update', which: 'own' } : null;
}

const isUsed = (own: OwnChannel | null): own is OwnChannel => own !== null && !own.isOver;

function channelStep(view: ChatView): Step | null {
  const { own } = view.row;
  if (!isUsed(own)) return null;
  const userIds = toInvite(view.incident, { ...view, own });
  if (userIds.length > 0) return { kind: 'invite', own, userIds };
  const topic = topicOf(view.incident);
  return topic === own.topic ? null : { kind: 'set-topic', own, topic };
}

function linesStep({ row, lines, incident }: ChatView): Step | null {
  if (lines.length === 0 || row.home === null) return null;
  const place = isUsed(row.own)
    ? { channel: row.own.id, threadTs: null }
    : { channel: row.home.channel, threadTs: row.home.ts };
  return { kind: 'post', place, purpose: { kind: 'lines', untilSeq: incident.version } };
}

function lastStep({ incident, row, slack, nowMs }: ChatView): Step {
  const archiveAtMs = archiveAt(incident, row, slack);
  return archiveAtMs !== null && row.own !== null && archiveAtMs <= nowMs
    ? { kind: 'archive', own: row.own }
    : { kind: 'rest', toldSeq: incident.version, nextAtMs: archiveAtMs };
}

const inOrder = [cardStep, ownCardStep, updateStep, channelStep, linesStep];

/** Whether lines come so late that they are told as one summary. */
export const isLate = (lines: readonly Line[], nowMs: EpochMs): boolean => {
  const [first] = lines;
  return first !== undefined && between(first.atMs, nowMs) > lateAfterMs;
};
