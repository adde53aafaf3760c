import { severityOfLabel, sourceIds } from '../engine/policy.ts';
import type { Network } from '../engine/network.ts';
import type { Random } from '../engine/random.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { AlertMessage } from './alertmanager.ts';

interface Setting {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly network: Network;
  readonly serve: (message: AlertMessage) => Promise<number>;
}

/** How often Google tries: few times, so that a notification can be lost for good. */
const tries = 4;

/** Google Cloud Monitoring: an incident opens and closes; the two messages know no order. */
export function startCloudIncident(setting: Setting, name: string): void {
  const { scheduler, random } = setting;
  const startedAtS = Math.floor(scheduler.nowMs / 1000) - random.int(0, 30);
  const severityLabel = random.pick(['critical', 'warning', 'info']);
  const service = random.pick(['checkout', 'search']);
  const lastsMs = random.int(1_000, 900_000);
  const message = (isOpen: boolean): AlertMessage => ({
    body: bodyOf({ name, startedAtS, severityLabel, service, isOpen }),
    facts: [
      {
        sourceId: sourceIds.cloud,
        fingerprint: name,
        startsAtMs: startedAtS * 1000,
        isFiring: isOpen,
        severity: severityOfLabel[severityLabel] ?? 'P2',
        service,
      },
    ],
  });
  send(setting, message(true), tries);
  const closeInMs = random.chance(0.1) ? 0 : lastsMs;
  if (random.chance(0.85)) scheduler.in(closeInMs, () => send(setting, message(false), tries));
}

function send(setting: Setting, message: AlertMessage, triesLeft: number): void {
  const { network, scheduler, random, serve } = setting;
  network.post(
    () => serve(message),
    (seen) => {
      const isTaken = seen !== 'network error' && seen < 500;
      if (isTaken || triesLeft <= 1) return;
      scheduler.in(random.int(1_000, 20_000), () => send(setting, message, triesLeft - 1));
    },
  );
}

function bodyOf(incident: {
  readonly name: string;
  readonly startedAtS: number;
  readonly severityLabel: string;
  readonly service: string;
  readonly isOpen: boolean;
}): Uint8Array {
  const { name, startedAtS, severityLabel, service, isOpen } = incident;
  return new TextEncoder().encode(
    JSON.stringify({
      version: '1.2',
      incident: {
        incident_id: name,
        policy_name: `Policy ${name}`,
        state: isOpen ? 'open' : 'closed',
        started_at: startedAtS,
        ended_at: isOpen ? null : startedAtS + 60,
        summary: `${name} is over its threshold`,
        policy_user_labels: { severity: severityLabel, service },
      },
    }),
  );
}
