import type { FollowUp, Owner, PlanDraft, PlanStep, TargetRef } from '../action/plan.ts';
import type { ActionVerb } from '../action/verb.ts';
import type { Digest } from '../shared/json.ts';
import type { Application } from './application.ts';
import { factsOf } from './observe.ts';
import { patchOff } from './patches.ts';

/** What all plans for an Application are made from. */
export interface OnApplication {
  readonly application: Application;
  /** Id, service and team of the target, and id of the Argo CD in the policy. */
  readonly target: {
    readonly id: string;
    readonly service: string | null;
    readonly team: string;
    readonly server: string;
    readonly project: string;
  };
  readonly actionId: string;
  readonly digest: Digest;
}

/** Switches auto-sync off under its own id. */
export const stepOff = (on: OnApplication, id: string): PlanStep => ({
  id,
  says: `Switch auto-sync of ${on.application.name} off and keep its settings`,
  call: { kind: 'argocd-patch', patch: patchOff(on.application, `${on.actionId}.${id}`) },
  from: begun(on),
  to: { uid: on.application.uid, 'auto-sync': 'off' },
});

/** Nothing was deployed, and nothing is being, since the plan. */
export function begun({ application, digest }: OnApplication): PlanStep['from'] {
  const { health: _health, sync: _sync, ...facts } = factsOf(application, digest);
  return facts;
}

export const rearm = (name: string): FollowUp => ({
  says: `Resume auto-sync of ${name} (verb resume) once the fix is in Git, and not before.`,
  afterMs: null,
});

type Common = Omit<
  PlanDraft,
  'title' | 'basis' | 'changes' | 'steps' | 'undo' | 'risks' | 'risk' | 'followUps'
>;

/** What is the same in all plans for an Application. */
export function commonDraft({ application, target }: OnApplication, verb: ActionVerb): Common {
  const { name, uid } = application;
  return {
    verb,
    target: refOf(target, { name, uid }),
    locks: [`argocd/${target.server}/${target.project}/Application/${name}`],
    owner: ownerOf(application),
    dryRun: { kind: 'none', says: 'Argo CD has no dry run of a change of auto-sync.' },
    before: {
      uid,
      appNamespace: application.namespace,
      syncPolicy: application.syncPolicy,
      history: application.history.map(({ id, version }) => ({ id, revision: version.revision })),
    },
    convergeWithinMs: null,
    versions: { from: [], to: [] },
  };
}

const refOf = (
  target: OnApplication['target'],
  { name, uid }: { readonly name: string; readonly uid: string },
): TargetRef => ({
  id: target.id,
  platform: 'argocd',
  place: target.server,
  namespace: target.project,
  kind: 'Application',
  name,
  uid,
  service: target.service,
  team: target.team,
});

const ownerOf = ({ owner, name }: Application): Owner =>
  owner === ''
    ? { kind: 'nobody', name: '', says: `Nobody puts the settings of ${name} back.` }
    : {
        kind: 'argocd',
        name: owner,
        says: `${owner} owns ${name}; auto-sync was off already, so it has nothing to put back.`,
      };
