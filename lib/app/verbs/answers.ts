import type { Incident } from '../../domain/incident/state.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';

export type Refused = Extract<VerbReply, { readonly kind: 'refused' }>;

/** Nothing is done; the text says why, and what would be allowed. */
export const refused = (text: string, incident: Incident | null = null): Refused => ({
  kind: 'refused',
  text,
  incident,
});

/** A signed request does one thing once, whoever sends it again. */
export const usedBefore: Refused = refused('This request was used already; nothing was done now.');

/** Trouble of ours, in words for somebody who needs it to have worked. */
export function failed(failure: { readonly kind: string; readonly message: string }): VerbReply {
  const why = `${failure.kind}: ${failure.message}`;
  const text =
    failure.kind === 'timeout'
      ? 'The store has not answered in time: it may have been done. Look before you try again.'
      : 'The store cannot be reached just now; nothing was changed. Try again in a moment, or act in PagerDuty.';
  return { kind: 'failed', text, why };
}

/** An incident in as few words as tell it from others. */
export const nameOf = ({ id, severity, title }: Incident): string => `${id} ${severity} ${title}`;

const stepsFrom: Readonly<Record<Incident['state'], string>> = {
  triggered: 'ack, escalate, resolve',
  acknowledged: 'status, update, escalate, unack, resolve',
  resolved: 'reopen, note, postmortem',
};

/** What can be done with an incident as it stands. */
export const allowedNow = (incident: Incident): string =>
  `It is ${incident.state}; possible now: ${stepsFrom[incident.state]}.`;
