import type { Incident, OpenIntent } from '../incident/state.ts';

/**
 * The end of everything that Tocsin writes in PagerDuty: by it a repeat finds out that it was
 * written before, and PagerDuty's webhook about it is known for an echo.
 */
export const restMark = (
  { id }: Pick<Incident, 'id'>,
  { intentId }: Pick<OpenIntent, 'intentId'>,
): string => `[Tocsin ${id} ${intentId}]`;

/** PagerDuty's webhooks show 8,192 characters or more, the mark included. */
const maxTextLength = 7_000;

/** What was asked for, with the mark below it, short enough for both to come back whole. */
export const marked = (
  incident: Pick<Incident, 'id'>,
  intent: Pick<OpenIntent, 'intentId' | 'text'>,
): string => `${intent.text.slice(0, maxTextLength).toWellFormed()}\n${restMark(incident, intent)}`;

const mark = /\[Tocsin (\S+) p\d+\]\s*$/;

/** Whether a text ends with a mark of this incident. */
export const isOwnEcho = (text: string, incidentId: string): boolean =>
  mark.exec(text)?.[1] === incidentId;
