import type { PlantedParts } from '../engine/app-under-test.ts';
import * as app from './app-bugs.ts';
import * as reconcile from './reconcile-bugs.ts';
import * as slack from './slack-bugs.ts';
import * as store from './store-bugs.ts';

/** A realistic mistake, who must notice it, and a seed from which on it shows soon. */
export interface PlantedBug {
  readonly name: string;
  readonly parts: PlantedParts;
  readonly invariant: string;
  readonly fromSeed: number;
}

const bug = (name: string, parts: PlantedParts, invariant: string, fromSeed = 1): PlantedBug => ({
  name,
  parts,
  invariant,
  fromSeed,
});

export const plantedBugs: readonly PlantedBug[] = [
  bug('the answer leaves before the delivery is stored', app.answeredBeforeStored, 'I1'),
  bug('a failure to store is answered with success', app.troubleAnsweredWithSuccess, 'I1', 3),
  bug('a conflict is taken for a write', store.conflictTakenForDone, 'I1', 5),
  bug('a repeat leaves no receipt', store.receiptForgotten, 'I1'),
  bug('the thread is not written with its incident', store.threadForgotten, 'I2'),
  bug('the status of a group is taken for that of its alerts', app.groupStatusForAlerts, 'I5'),
  bug('the key of a page is new for each attempt', app.keyPerAttempt, 'I9'),
  bug('the second channel is not claimed', store.claimSkipped, 'I9'),
  bug('a breach is recorded by a clock that runs ahead', app.clockAhead, 'I11'),
  bug('a breach is not recorded', store.breachForgotten, 'I11'),
  bug('the wake-up of a deadline is not written', store.wakeUpForgotten, 'I11'),
  bug('the outbox is not written with its cause', store.outboxForgotten, 'I28'),
  bug('a stale decision is written over a newer one', store.versionIgnored, 'I28'),
  bug('a claim on the second channel never ends', store.claimForEver, 'I28', 12),
  bug('a lost answer is taken for a good one', app.silenceTakenForConsent, 'I28'),
  bug('a tick forgets what earlier ticks missed', store.lateRowsForgotten, 'I28', 5),
  bug('a due row is deleted before it is handled', store.rowsDroppedFirst, 'I28', 16),
  bug('events that the bus refused are not sent again', app.refusedEventsForgotten, 'I28', 14),
  bug('webhooks are applied in the order of their arrival', app.webhooksByArrival, 'I38', 25),
  bug('a page waits for Slack', slack.pageWaitsForSlack, 'I29', 20),
  bug('a post whose answer was lost is made again', slack.postsNotLookedFor, 'one card', 14),
  bug('what Slack has not taken is not tried again', slack.owedForgotten, 'caught up', 5),
  bug('that Slack was away is forgotten', slack.outageForgotten, 'one summary', 5),
  bug('rows of the chat are written over newer ones', slack.rowVersionIgnored, 'I35', 14),
  bug('a button that is out of date acts', slack.staleButtonActs, 'I35', 40),
  bug('an observer may act', slack.observerMayAct, 'I17', 16),
  bug('a guest may act', slack.guestsWelcome, 'I17', 10),
  bug('the secret of one workspace opens every other', slack.anySecretIsGood, 'I33', 10),
  bug('the age of a signature is not looked at', slack.ageNotChecked, 'I39', 14),
  bug('a signed request is not used up', slack.requestNotUsedUp, 'I18', 10),
  bug('a refusal leaves no line in the log', slack.refusalsNotLogged, 'I27', 3),
  bug('a clock stops when it is found out', reconcile.countsFromTheFinding, 'I12', 5),
  bug('nothing is compared while webhooks are off', reconcile.comparesOnlyWithWebhooks, 'I38', 32),
  bug('what is not listed as open is taken for lost', reconcile.notListedIsLost, 'I38', 11),
  bug('a note of ours is taken for a note of theirs', reconcile.echoTaken, 'no echo', 4),
];
