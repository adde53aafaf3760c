import type { IncidentEvent, IncidentEventType } from '../incident/event.ts';
import type { Incident } from '../incident/state.ts';
import { text, type Phrase } from './phrase.ts';
import type { Asks, Tone } from './renderer.ts';

/** What a sentence needs to know beside its event. */
export interface Telling {
  readonly incident: Incident;
  /** Mentions of people by their ids in the policy, or of those by their ids in Slack. */
  readonly mention: (ids: readonly string[]) => Phrase;
  /** Mentions of people of the policy by their names, as an event has kept them. */
  readonly mentionNamed: (names: readonly string[]) => Phrase;
  /** Mentions of those on call, where they were asked for. */
  readonly onCall: Phrase;
}

export interface Told {
  readonly tone: Tone;
  readonly phrase: Phrase;
  readonly asks?: Asks;
}

export type Tellers = {
  readonly [Type in IncidentEventType]?: (
    event: Extract<IncidentEvent, { readonly type: Type }>,
    telling: Telling,
  ) => Told | null;
};

/** A sentence: texts as they are, phrases in their place. */
export const told = (tone: Tone, ...parts: readonly (string | Phrase)[]): Told => ({
  tone,
  phrase: parts.flatMap((part) => (typeof part === 'string' ? [text(part)] : part)),
});

/** A reason after a colon, where there is one. */
export const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);
