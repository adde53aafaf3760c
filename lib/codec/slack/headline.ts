import type { Incident } from '../../domain/incident/state.ts';
import type { Severity } from '../../domain/policy/policy.ts';
import { shown } from './mrkdwn.ts';

const burning: Readonly<Record<Severity, string>> = { P0: '🔴', P1: '🟠', P2: '🟡' };

/** A colour for the eye; the words beside it say the same. */
export function signOf(incident: Incident): string {
  switch (incident.state) {
    case 'triggered':
      return burning[incident.severity];
    case 'acknowledged':
      return '🔵';
    case 'resolved':
      return incident.closedAtMs === null ? '🟢' : '⚪';
  }
}

/** The state in one or two words. */
export function stateWord(incident: Incident): string {
  switch (incident.state) {
    case 'triggered':
      return incident.settleAtMs === null ? 'TRIGGERED' : 'TRIGGERED, alerts over';
    case 'acknowledged':
      return incident.progress === null ? 'ACKNOWLEDGED' : `ACKNOWLEDGED, ${incident.progress}`;
    case 'resolved':
      return incident.closedAtMs === null ? 'RESOLVED' : 'CLOSED';
  }
}

/** How grave, where it stands, and what fires: what a lock screen shows. One line, as data. */
export const headline = (incident: Incident): string =>
  `${signOf(incident)} ${incident.severity} ${stateWord(incident)} · ${shown(incident.title, 300)}`;
