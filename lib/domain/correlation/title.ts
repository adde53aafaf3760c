import { invariant } from '../shared/invariant.ts';
import type { PlacedAlert } from './place.ts';

/** The alert that names the incident: firing before resolved, then the earliest. */
export function leadAlert(alerts: readonly PlacedAlert[]): PlacedAlert {
  const [lead] = byRank(alerts);
  invariant(lead !== undefined, 'a group of alerts has at least one');
  return lead;
}

const byRank = (alerts: readonly PlacedAlert[]): PlacedAlert[] => {
  const rank = ({ alert }: PlacedAlert): number => (alert.status === 'firing' ? 0 : 1);
  return [...alerts].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.alert.startsAtMs - b.alert.startsAtMs ||
      (a.alert.fingerprint < b.alert.fingerprint ? -1 : 1),
  );
};

export function titleOf({ alert, serviceId, environment }: PlacedAlert): string {
  const where = [serviceId, environment].filter((part) => part !== '').join(', ');
  return where === '' ? alert.name : `${alert.name} (${where})`;
}

/** What these alerts are, in a few words; null where an incident's title says just that. */
export function nameOthers(alerts: readonly PlacedAlert[], title: string): string | null {
  const [first = title, ...others] = new Set(byRank(alerts).map(titleOf));
  if (others.length > 0) return `${first} and ${others.length} more`;
  return first === title ? null : first;
}
