import { after, durationMs, latest, minutes, seconds, type EpochMs } from '../shared/time.ts';
import { outcomeAfterMs } from './next-step.ts';
import type { ChatRow, OwnChannel, PendingPost, PostedCard } from './row.ts';

/** A change of a row; null when it no longer applies, because somebody else changed it meanwhile. */
export type RowChange = (row: ChatRow) => ChatRow | null;

/** Where an own message stands. */
interface Posted {
  readonly channel: string;
  readonly ts: string;
}

/** A post is about to be made. Whoever comes after a crash looks for it when its time is over. */
export const aboutToPost =
  (pending: PendingPost): RowChange =>
  (row) =>
    row.pending === null
      ? { ...row, pending, nextAtMs: after(pending.atMs, outcomeAfterMs) }
      : null;

/** The post was made, and this is where it stands. */
export const wasPosted =
  (key: string, posted: Posted): RowChange =>
  (row) => {
    const { pending } = row;
    if (pending?.key !== key) return null;
    const done: ChatRow = { ...row, pending: null, failures: 0 };
    switch (pending.purpose.kind) {
      case 'home-card':
        return { ...done, home: { ...posted, digest: pending.purpose.digest } };
      case 'own-card':
        return { ...done, own: withCard(row.own, { ...posted, digest: pending.purpose.digest }) };
      case 'lines':
        return { ...done, toldSeq: Math.max(row.toldSeq, pending.purpose.untilSeq) };
    }
  };

const withCard = (own: OwnChannel | null, card: PostedCard): OwnChannel | null =>
  own === null ? null : { ...own, card };

/** The post was certainly not made. */
export const wasNotPosted =
  (key: string): RowChange =>
  (row) =>
    row.pending?.key === key ? { ...row, pending: null } : null;

/** Lines that the chat will not take in any form count as told: the console has them. */
export const wasRefused =
  (key: string): RowChange =>
  (row) => {
    if (row.pending?.key !== key) return null;
    const { purpose } = row.pending;
    const toldSeq = purpose.kind === 'lines' ? purpose.untilSeq : row.toldSeq;
    return { ...row, pending: null, toldSeq: Math.max(row.toldSeq, toldSeq) };
  };

/** A card shows something else now. */
export const wasUpdated =
  (which: 'home' | 'own', digest: string): RowChange =>
  (row) => {
    const card = which === 'home' ? row.home : (row.own?.card ?? null);
    if (card === null) return null;
    return which === 'home'
      ? { ...row, failures: 0, home: { ...card, digest } }
      : { ...row, failures: 0, own: withCard(row.own, { ...card, digest }) };
  };

/** A card that is there no more, or that the chat lets nobody change, is posted anew. */
export const lostCard =
  (which: 'home' | 'own'): RowChange =>
  (row) =>
    which === 'home'
      ? { ...row, home: null }
      : { ...row, own: row.own === null ? null : { ...row.own, card: null } };

export const gotChannel =
  (channel: { readonly id: string; readonly name: string }): RowChange =>
  (row) =>
    row.own === null
      ? {
          ...row,
          failures: 0,
          own: { ...channel, card: null, topic: '', invited: [], isOver: false },
        }
      : null;

export const nameWasTaken: RowChange = (row) => ({ ...row, takenNames: row.takenNames + 1 });

export const channelWasRefused: RowChange = (row) => ({ ...row, isOwnRefused: true });

/** The own channel changed; nothing when there is none any more. */
export const ownChanged =
  (change: (own: OwnChannel) => Partial<OwnChannel>): RowChange =>
  (row) =>
    row.own === null ? null : { ...row, failures: 0, own: { ...row.own, ...change(row.own) } };

/** Archived, or gone: what is still to be told goes to the thread. */
export const channelIsOver: RowChange = ownChanged(() => ({ isOver: true }));

/** All is shown up to `toldSeq`, unless the row has changed since that was found. */
export const atRest =
  (version: number, toldSeq: number, nextAtMs: EpochMs | null): RowChange =>
  (row) =>
    row.version !== version || (row.toldSeq >= toldSeq && row.nextAtMs === nextAtMs)
      ? null
      : { ...row, toldSeq: Math.max(row.toldSeq, toldSeq), nextAtMs };

/** To be looked at again at the instant, at the latest. */
export const putOff =
  (nextAtMs: EpochMs): RowChange =>
  (row) =>
    row.nextAtMs !== null && row.nextAtMs <= nextAtMs ? null : { ...row, nextAtMs };

/** To be looked at again not before the instant: the chat asked for it. */
export const heldBack =
  (nextAtMs: EpochMs): RowChange =>
  (row) => ({ ...row, nextAtMs });

const firstPauseMs = seconds(30);
const longestPauseMs = minutes(10);

/** After a failure: later, and the longer the more there were. */
export const hasFailed =
  (nowMs: EpochMs, notBeforeMs: EpochMs = nowMs): RowChange =>
  (row) => ({
    ...row,
    failures: row.failures + 1,
    nextAtMs: latest(notBeforeMs, after(nowMs, pauseAfter(row.failures))),
  });

/** One change after another, each where it applies. */
export const inTurn =
  (...changes: readonly RowChange[]): RowChange =>
  (row) =>
    changes.reduce((current, change) => change(current) ?? current, row);

/** Doubling from half a minute to ten. */
const pauseAfter = (failures: number) =>
  durationMs(Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10)));
