import { matchesAll } from '../alert/matcher.ts';
import type { Commit } from '../incident/event.ts';
import type { Incident } from '../incident/state.ts';
import type { RunbookPolicy } from '../policy/action-policy.ts';
import type { ChangeRecord } from '../action/rows.ts';
import { between, describeSpan } from '../shared/time.ts';
import { labelOf, type Labels } from '../shared/labels.ts';

/** What a runbook's conditions are held against. */
export interface RunbookScene {
  readonly incident: Pick<Incident, 'service' | 'services' | 'openedAtMs'>;
  /** Of every alert of the incident that the log lists with its labels. */
  readonly alerts: readonly Labels[];
  /** Of its services, in the last day or more. */
  readonly changes: readonly ChangeRecord[];
}

/**
 * Why a runbook is about an incident, in a sentence; null when it is not. All matchers must match
 * one alert of it; a runbook for some services is about no others; and where it asks for a change,
 * a rollout of the service must have begun or ended shortly before. One that came after the
 * beginning explains nothing.
 */
export function whyRunbook({ when }: RunbookPolicy, scene: RunbookScene): string | null {
  const reasons = [whyService, whyAlert, whyChange].map((why) => why(when, scene));
  if (reasons.includes(null)) return null;
  const told = reasons.filter((reason): reason is string => reason !== null && reason !== '');
  return told.length === 0 ? 'It is about every incident.' : sentence(told);
}

/** A reason; empty where nothing is asked, null where what is asked is not so. */
type Why = (when: RunbookPolicy['when'], scene: RunbookScene) => string | null;

const whyService: Why = ({ services }, { incident }) => {
  if (services.length === 0) return '';
  const service = servicesOf(incident).find((each) => services.includes(each));
  return service === undefined ? null : `it is about ${service}`;
};

const whyAlert: Why = ({ match }, { alerts }) => {
  if (match.length === 0) return '';
  const alert = alerts.find((labels) => matchesAll(match, labels));
  if (alert === undefined) return null;
  const name = labelOf(alert, 'alertname');
  return name === '' ? 'one of its alerts matches' : `its alert ${name} matches`;
};

const whyChange: Why = ({ changedWithinMs, services }, { incident, changes }) => {
  if (changedWithinMs === null) return '';
  const wanted = services.length > 0 ? services : servicesOf(incident);
  const change = changes.find(
    ({ kind, service, atMs }) =>
      kind === 'rollout' &&
      wanted.includes(service) &&
      atMs <= incident.openedAtMs &&
      incident.openedAtMs - atMs <= changedWithinMs,
  );
  if (change === undefined) return null;
  const span = describeSpan(between(change.atMs, incident.openedAtMs));
  return `there was a change of ${change.service} ${span} before (${change.title})`;
};

const sentence = (reasons: readonly string[]): string => {
  const text = reasons.join(', and ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
};

/** The services that an incident is about, its own first. */
export const servicesOf = ({
  service,
  services,
}: Pick<Incident, 'service' | 'services'>): readonly string[] => [
  ...new Set([service, ...services].filter((each) => each !== '')),
];

/** The labels of the alerts that a log lists, each episode as it was last told. */
export function labelsOf(commits: readonly Commit[]): readonly Labels[] {
  const episodes = new Map<string, Labels>();
  for (const event of commits.flatMap(({ events }) => events)) {
    if (event.type !== 'alerts.attached') continue;
    for (const { fingerprint, startsAtMs, labels } of event.alerts) {
      if (labels !== undefined) episodes.set(`${startsAtMs} ${fingerprint}`, labels);
    }
  }
  return [...episodes.values()];
}
