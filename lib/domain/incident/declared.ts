import { canonicalJson } from '../shared/json.ts';
import { isAdopted } from './adopted.ts';
import type { Incident } from './state.ts';

/** Delivery group of what a person declares by one request; no vendor's begins so. */
export const declaredGroup = (seal: string): string => `request:${seal}`;

/** Rule by which what a person declares has its severity, until somebody changes it. */
export const declaredRule = 'declared';

/** Whether a person has declared it: the one alert it has was made up, and nothing will end it. */
export const isDeclared = ({ sourceId, correlationKey }: Incident): boolean =>
  correlationKey.startsWith(
    canonicalJson(['source-group', sourceId, declaredGroup('')]).slice(0, -2),
  );

/** How it came about where no alert has opened it, as a sentence; null for all others. */
export function openedByHand(incident: Incident): string | null {
  if (isAdopted(incident)) return 'Opened in PagerDuty';
  if (!isDeclared(incident)) return null;
  const { rule, text } = incident.severityReason;
  return rule === declaredRule
    ? `${text.charAt(0).toUpperCase()}${text.slice(1)}`
    : 'Declared by a person';
}

/** How many of its alerts fire at their source: none where nobody but a person opened it. */
export const firingAtSource = (incident: Incident): number =>
  openedByHand(incident) === null ? incident.totals.firing : 0;
