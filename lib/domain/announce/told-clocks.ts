import type { ClockName, SlaEvent } from '../incident/sla-event.ts';
import type { Incident } from '../incident/state.ts';
import { deadlineOf } from '../sla/clock.ts';
import { leadsOf, whoActed } from './persons.ts';
import { time, type Phrase } from './phrase.ts';
import { told, type Tellers, type Telling } from './telling.ts';

const names: Readonly<Record<ClockName, string>> = {
  response: 'response',
  resolution: 'resolution',
};

/** Who is to hurry: those who lead, and while there is nobody, those on call. */
export function hurried({ incident, mention, onCall }: Telling): Phrase {
  const leads = leadsOf(incident);
  return leads.length > 0 ? mention(leads) : onCall;
}

/** The deadline, while the clock is still the one that the event is about. */
function endOf(
  incident: Incident,
  { clock, version }: Pick<SlaEvent, 'clock' | 'version'>,
): Phrase {
  const now = incident[clock];
  return now.version === version ? [time(deadlineOf(now))] : [];
}

export const clockTellers: Tellers = {
  'sla.stage_reached': (event, telling) => {
    const name = names[event.clock];
    if (event.pct === 100) return null;
    if (event.pct > 100) {
      return told('bad', `${event.pct} % of the ${name} time are over`, hurried(telling));
    }
    const end = endOf(telling.incident, event);
    const until = end.length === 0 ? [] : [': the deadline is ', end];
    return told(
      'warning',
      `${event.pct} % of the ${name} time are over`,
      ...until,
      hurried(telling),
    );
  },
  'sla.breached': (event, telling) =>
    told(
      'bad',
      `The ${names[event.clock]} deadline of ${event.severity} was missed: it was `,
      [time(event.deadlineAtMs)],
      hurried(telling),
    ),
  'sla.breach_withdrawn': ({ clock, by, stoppedAtMs }) =>
    told(
      'good',
      `The ${names[clock]} deadline was met after all: ${whoActed(by)} was in time, at `,
      [time(stoppedAtMs)],
    ),
};
