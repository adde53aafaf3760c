import type { PlanRefusal } from '../action/plan.ts';
import type { Result } from '../shared/result.ts';
import { err } from '../shared/result.ts';
import { isBusy, type Application } from './application.ts';

export type Refused = Result<never, PlanRefusal>;

export const refuse = (reason: PlanRefusal['reason'], message: string): Refused =>
  err({ kind: 'plan-refused', reason, message });

/** What forbids any change of an Application; null: nothing does. */
export function refusalOfAny(application: Application): Refused | null {
  const { name, operation } = application;
  if (application.isDeleting) {
    return refuse('gone', `Application ${name} is being deleted; nothing can be changed on it.`);
  }
  if (!isBusy(application) || operation === null) return null;
  const { phase, version, startedAt } = operation;
  const since = startedAt === '' ? '' : ` since ${startedAt}`;
  return refuse(
    'operation_in_progress',
    `Another operation of ${name} is ${phase}${since}, to ${version.revision || 'no commit named'}. ` +
      'Wait until it has ended, or end it in Argo CD, and ask again.',
  );
}

/** Auto-sync of an owned Application comes back by itself, and with it the bad commit. */
export const refuseHealed = ({ name, owner }: Application, wanted: 'on' | 'off'): Refused =>
  refuse(
    'owner_would_heal',
    `${owner} keeps Application ${name} as it is, and would put auto-sync back when it is switched ` +
      `${wanted} here. Change it in ${owner} (or have it ignore syncPolicy), then ask again; or ` +
      'revert the commit in Git.',
  );
