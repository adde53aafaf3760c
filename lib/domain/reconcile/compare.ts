import type { IncidentCommand, RepairPage } from '../incident/command.ts';
import type { Principal } from '../incident/principal.ts';
import type { Incident } from '../incident/state.ts';
import { earliest, epochMs, latest, toIso, type EpochMs } from '../shared/time.ts';

/** An incident of PagerDuty, as far as it is compared. */
export interface TheirState {
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly createdAtMs: EpochMs;
  /** When it became what it is. */
  readonly changedAtMs: EpochMs;
}

/** What makes both sides equal again. */
export type Difference =
  | { readonly kind: 'none' }
  /** They are ahead: the commands bring ours up to what happened there, in this order. */
  | {
      readonly kind: 'theirs';
      readonly text: string;
      readonly commands: readonly IncidentCommand[];
    }
  /** Ours is ahead, and PagerDuty has not heard of it. */
  | { readonly kind: 'ours'; readonly repair: RepairPage };

const none: Difference = { kind: 'none' };

/** PagerDuty gives whole seconds, cut off. */
const grainMs = 1000;

interface Sides {
  readonly ours: Incident;
  readonly theirs: TheirState;
  /** Who made theirs what it is. */
  readonly by: Principal;
  readonly nowMs: EpochMs;
}

/**
 * Which side knows more. What happened there counts from the instant of our newest page on: what
 * is older is about the page before it. Pure, and after the difference was carried out it finds
 * none.
 */
export function compare(sides: Sides): Difference {
  switch (sides.ours.state) {
    case 'triggered':
      return compareTriggered(sides);
    case 'acknowledged':
      return compareAcknowledged(sides);
    case 'resolved':
      return compareResolved(sides);
  }
}

function compareTriggered(sides: Sides): Difference {
  const { theirs, ours } = sides;
  if (theirs.status === 'triggered') return none;
  const isNewer = isSince(theirs, ours.triggerAskedAtMs);
  if (theirs.status === 'acknowledged') return isNewer ? acknowledged(sides) : none;
  return isNewer ? resolved(sides) : repair('triggered', 'PagerDuty shows no open incident', true);
}

function compareAcknowledged(sides: Sides): Difference {
  const { theirs, ours } = sides;
  if (theirs.status === 'acknowledged' || ours.state !== 'acknowledged') return none;
  if (theirs.status === 'resolved') {
    return isSince(theirs, ours.triggerAskedAtMs)
      ? resolved(sides)
      : repair('acknowledged', 'PagerDuty shows no open incident', true);
  }
  return theirs.changedAtMs >= ours.acknowledgedAtMs + grainMs
    ? unacknowledged(sides)
    : repair('acknowledged', 'PagerDuty shows it as not acknowledged');
}

/** The same incident that was opened again there, or one that our resolve has not reached. */
function compareResolved(sides: Sides): Difference {
  const { theirs, ours } = sides;
  if (theirs.status === 'resolved' || ours.state !== 'resolved') return none;
  const wasThereBefore = theirs.createdAtMs <= ours.resolvedAtMs;
  const isReopened = wasThereBefore && theirs.changedAtMs >= ours.resolvedAtMs + grainMs;
  return isReopened ? reopened(sides) : repair('resolved', 'PagerDuty shows it as open');
}

const isSince = ({ changedAtMs }: TheirState, sinceMs: EpochMs): boolean =>
  changedAtMs + grainMs > sinceMs;

/** The instant that PagerDuty gives, within what is possible here. */
function occurredAt({ theirs, ours, nowMs }: Sides): EpochMs {
  const { triggerAskedAtMs, pagerSeenAtMs } = ours;
  const floorMs = latest(triggerAskedAtMs, pagerSeenAtMs ?? epochMs(0));
  const isCutOff = theirs.changedAtMs < floorMs && theirs.changedAtMs + grainMs > floorMs;
  return earliest(isCutOff ? floorMs : theirs.changedAtMs, nowMs);
}

const foundThere = (sides: Sides, what: string): string =>
  `${what} in PagerDuty at ${toIso(occurredAt(sides))}, found by reconciliation`;

const apply = (text: string, commands: readonly IncidentCommand[]): Difference => ({
  kind: 'theirs',
  text,
  commands,
});

function acknowledged(sides: Sides): Difference {
  const occurredAtMs = occurredAt(sides);
  const command = { kind: 'acknowledge', by: sides.by, occurredAtMs } as const;
  return apply(foundThere(sides, 'acknowledged'), [command]);
}

function unacknowledged(sides: Sides): Difference {
  const { by } = sides;
  const reason = foundThere(sides, 'the acknowledgement was taken back');
  const occurredAtMs = occurredAt(sides);
  return apply(reason, [{ kind: 'unacknowledge', by, reason, occurredAtMs }]);
}

function resolved(sides: Sides): Difference {
  const { by } = sides;
  const note = foundThere(sides, 'resolved');
  const occurredAtMs = occurredAt(sides);
  return apply(note, [{ kind: 'resolve', cause: 'person', by, note, occurredAtMs }]);
}

function reopened(sides: Sides): Difference {
  const { by, theirs } = sides;
  const reason = foundThere(sides, 'reopened');
  const occurredAtMs = occurredAt(sides);
  const reopen = { kind: 'reopen', by, reason, occurredAtMs } as const;
  const acknowledge = { kind: 'acknowledge', by, occurredAtMs } as const;
  return apply(reason, theirs.status === 'acknowledged' ? [reopen, acknowledge] : [reopen]);
}

const repair = (to: RepairPage['to'], reason: string, isMissing = false): Difference => ({
  kind: 'ours',
  repair: { kind: 'repair-page', to, isMissing, reason },
});

/** Ours is open and was paged, and PagerDuty knows of none. */
export const missingThere = ({ state }: Incident): Difference =>
  state === 'resolved' ? none : repair(state, 'PagerDuty has no incident for its page', true);
