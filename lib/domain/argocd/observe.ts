import type { Convergence } from '../action/observation.ts';
import type { Facts, PlanStep } from '../action/plan.ts';
import type { ActionVerb } from '../action/verb.ts';
import type { Digest } from '../shared/json.ts';
import { plainText } from '../shared/plain-text.ts';
import { isBusy, type Application, type Operation, type Version } from './application.ts';

/** A version by name, for facts and sentences: the source's parameters are in it as a digest. */
export const versionName = ({ revision, source }: Version, digest: Digest): string =>
  source === '' ? revision : `${revision}+${digest(source).slice(0, 8)}`;

/**
 * What is seen of an Application, by name. When the newest operation began is in it, so that one
 * more since the plan shows even when it goes to the same version.
 */
export const factsOf = (application: Application, digest: Digest): Facts => ({
  uid: application.uid,
  'auto-sync': application.isAutoSyncOn ? 'on' : 'off',
  'an operation is under way': isBusy(application),
  'newest entry of the history': application.history.at(-1)?.id ?? null,
  'the operation began': application.operation?.startedAt ?? '',
  'the operation goes to':
    application.operation === null ? '' : versionName(application.operation.version, digest),
  health: application.health,
  sync: application.sync,
});

const excerpt = (message: string): string => plainText(message, 300);

/** How far Argo CD is with what a step asked for. */
export function convergenceOf(
  application: Application,
  { verb, step }: { readonly verb: ActionVerb; readonly step: PlanStep },
): Convergence {
  if (verb === 'resume') return resumed(application, step);
  if (step.call.kind === 'argocd-patch') return switched(application, step);
  return rolledBack(application);
}

function switched(application: Application, step: PlanStep): Convergence {
  const wanted = step.to['auto-sync'];
  const seen = application.isAutoSyncOn ? 'on' : 'off';
  return seen === wanted
    ? { kind: 'converged', says: `Auto-sync of ${application.name} is ${seen}.` }
    : { kind: 'waiting', says: `Auto-sync of ${application.name} is still ${seen}.` };
}

/** What Argo CD itself does next, after auto-sync is on again, counts too. */
function resumed(application: Application, step: PlanStep): Convergence {
  const { name, operation, sync, health } = application;
  if (!application.isAutoSyncOn) return switched(application, step);
  if (operation !== null && hasFailedSince(operation, step)) {
    return { kind: 'broken', says: `Auto-sync of ${name} failed: ${excerpt(operation.message)}` };
  }
  if (isBusy(application)) return underWay(application);
  return sync === 'Synced' && health === 'Healthy'
    ? { kind: 'converged', says: `${name} is in sync with Git and healthy.` }
    : { kind: 'waiting', says: `${name} is ${sync} and ${health}.` };
}

const hasFailedSince = ({ phase, startedAt }: Operation, { from }: PlanStep): boolean =>
  startedAt !== from['the operation began'] && (phase === 'Failed' || phase === 'Error');

function rolledBack(application: Application): Convergence {
  const { name, operation, health, reconciledAt } = application;
  if (operation === null)
    return { kind: 'waiting', says: `Argo CD shows no operation of ${name}.` };
  if (isBusy(application)) return underWay(application);
  if (operation.phase !== 'Succeeded') {
    const says = `The operation of Argo CD ended as ${operation.phase}: ${excerpt(operation.message)}`;
    return { kind: 'broken', says };
  }
  // Health is what the last look of the controller at the cluster gave: an older one says nothing.
  if (isOlder(reconciledAt, operation.finishedAt)) {
    return { kind: 'waiting', says: 'The operation succeeded; its health is not known yet.' };
  }
  if (health !== 'Healthy') {
    return { kind: 'waiting', says: `The operation succeeded; ${name} is ${health}.` };
  }
  const behind = application.sync === 'OutOfSync' ? ' It is OutOfSync, as Git is still ahead.' : '';
  return { kind: 'converged', says: `The operation succeeded and ${name} is healthy.${behind}` };
}

function underWay({ name, project, operation }: Application): Convergence {
  const message = operation?.message ?? '';
  if (/blocked by (a )?sync window/i.test(message)) {
    return {
      kind: 'waiting',
      says:
        `A sync window of project ${project} holds the operation: nothing is deployed until it ` +
        'opens. Allow manual syncs in that window, or end the operation in Argo CD.',
    };
  }
  const phase = operation?.phase ?? 'Pending';
  const said = message === '' ? '' : `: ${excerpt(message)}`;
  return { kind: 'waiting', says: `The operation of ${name} is ${phase}${said}` };
}

const isOlder = (a: string, b: string): boolean => {
  const [first, second] = [Date.parse(a), Date.parse(b)];
  return Number.isFinite(first) && Number.isFinite(second) && first < second;
};
