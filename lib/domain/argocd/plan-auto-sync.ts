import type { PlanDraft, PlanRefusal } from '../action/plan.ts';
import { canonicalJson } from '../shared/json.ts';
import { ok, type Result } from '../shared/result.ts';
import { begun, commonDraft, rearm, stepOff, type OnApplication } from './draft.ts';
import { patchOn, settingsToPutBack } from './patches.ts';
import { refusalOfAny, refuse, refuseHealed } from './refusals.ts';

/** Auto-sync off, with its settings kept for `resume`. */
export function planPause(on: OnApplication): Result<PlanDraft, PlanRefusal> {
  const { application } = on;
  const { name } = application;
  const refused = refusalOfAny(application);
  if (refused !== null) return refused;
  if (!application.isAutoSyncOn) {
    return refuse('paused', `Auto-sync of ${name} is off already; nothing is deployed by itself.`);
  }
  if (application.owner !== '') return refuseHealed(application, 'off');
  return ok({
    ...commonDraft(on, 'pause'),
    title: `Pause auto-sync of Application ${name}`,
    basis: 'What is in Git does not reach the cluster until auto-sync is resumed.',
    changes: [{ what: 'auto-sync', from: canonicalJson(application.automated), to: 'off' }],
    steps: [stepOff(on, 's1')],
    undo: `Resume auto-sync of ${name}.`,
    risks: [`New commits do not reach ${name}, good ones neither.`],
    risk: 'narrow',
    followUps: [rearm(name)],
  });
}

/** Auto-sync on again, with the settings that it had. Git's head is deployed at once. */
export function planResume(on: OnApplication): Result<PlanDraft, PlanRefusal> {
  const { application } = on;
  const { name, uid } = application;
  const refused = refusalOfAny(application);
  if (refused !== null) return refused;
  if (application.isAutoSyncOn) return refuse('not_paused', `Auto-sync of ${name} is on already.`);
  const automated = settingsToPutBack(application);
  if (automated === null) return refuse('not_paused', noSettings(name));
  if (application.owner !== '') return refuseHealed(application, 'on');
  return ok({
    ...commonDraft(on, 'resume'),
    title: `Resume auto-sync of Application ${name}`,
    basis: 'The settings are those that auto-sync had when it was switched off.',
    changes: [{ what: 'auto-sync', from: 'off', to: canonicalJson(automated) }],
    steps: [
      {
        id: 's1',
        says: `Switch auto-sync of ${name} on with ${canonicalJson(automated)}`,
        call: {
          kind: 'argocd-patch',
          patch: patchOn(application, { automated, mark: `${on.actionId}.s1` }),
        },
        from: begun(on),
        to: { uid, 'auto-sync': 'on' },
      },
    ],
    undo: `Pause auto-sync of ${name}.`,
    risks: [
      `What is in Git is deployed at once: ${name} is ${application.sync} now. If the bad commit ` +
        'was not reverted, it comes back.',
    ],
    risk: 'wide',
    followUps: [],
  });
}

const noSettings = (name: string): string =>
  `Auto-sync of ${name} was not switched off by Tocsin, so the settings it is to have (prune, ` +
  'self-heal) are not known. Switch it on in Argo CD with those that you want.';
