import * as action from './action-bugs.ts';
import type { PlantedBug } from './catalogue.ts';
import type { PlantedParts } from '../engine/app-under-test.ts';

const bug = (name: string, parts: PlantedParts, invariant: string, fromSeed = 1): PlantedBug => ({
  name,
  parts,
  invariant,
  fromSeed,
});

/** Mistakes about actions: each is turned on in seeds with something to act on. */
export const plantedActionBugs: readonly PlantedBug[] = [
  bug('the version before is found out as it is sent', action.relativeUndo, 'I16'),
  bug('a lost answer is taken for a failure', action.lostTakenForFailure, 'I15'),
  bug('a lost call is made again at once', action.resentBlindly, 'I20', 8),
  bug('a dead worker is followed by sending', action.takenOverBySending, 'I20'),
  bug('the precondition is left out of the patch', action.preconditionLeftOut, 'I16', 35),
  bug('an approval is good for another plan', action.approvalNotBound, 'I18', 12),
  bug('the lease is not taken', action.leaseNotTaken, 'I14'),
  bug('the fence does not grow', action.fenceIgnored, 'I14'),
  bug('the kill switch is read once', action.haltReadOnce, 'I22'),
  bug('limits are counted outside of the transaction', action.limitsOutsideTransaction, 'I22', 6),
  bug('who asks may approve', action.requesterCounted, 'I17'),
  bug('who made the change may approve', action.authorCounted, 'I17'),
  bug('authors count where others are not known', action.knownAuthorsForgotten, 'I17', 22),
  bug('two accounts of one person are two people', action.accountsCounted, 'I17'),
  bug('a right that was lost still counts', action.rolesNotReadAgain, 'I17'),
  bug('missing metrics are taken for good', action.missingTakenForGood, 'verified'),
  bug('the end of an alert is taken from the own log', action.alertFromOwnLog, 'verified'),
  bug('an incident that is resolved still starts', action.resolvedStillStarts, 'I19', 5),
  bug('an approval that has expired still starts', action.approvalNeverExpires, 'I19'),
  bug('a rule acts again on what it has acted on', action.undoUndone, 'I23'),
  bug('a cluster that is gone is given up silently', action.givenUpSilently, 'I21'),
];
