import type { Owner, PlanRefusal } from '../action/plan.ts';
import type { ActionVerb } from '../action/verb.ts';
import type { TargetPolicy } from '../policy/action-policy.ts';
import type { JsonObject } from '../shared/json.ts';
import { ok, type Result } from '../shared/result.ts';
import { annotationOf, controllerOf, labelOf, nameOf, objectsAt, textAt } from './read.ts';
import { refusePlan } from './refuse.ts';

/** Who keeps an object, by the marks that it left there. */
export interface Keeper {
  readonly kind: 'argocd' | 'kustomization' | 'helmrelease' | 'helm' | 'rollouts' | 'operator';
  readonly name: string;
  /** Empty where the mark does not say. */
  readonly namespace: string;
}

/** What a judge of ownership has to know. */
export interface Ownership {
  readonly subject: string;
  readonly keeper: Keeper | null;
  /** Of a Flux object: whether it is suspended; null when it could not be read. */
  readonly isSuspended: boolean | null;
  readonly verb: ActionVerb;
  readonly targets: readonly TargetPolicy[];
}

export const nobody: Owner = { kind: 'nobody', name: '', says: 'Nothing else keeps this object.' };

/** What these change is not kept in Git, so that nobody puts it back. */
const leftAlone: readonly ActionVerb[] = [
  'restart',
  'pause',
  'resume',
  'abort',
  'retry',
  'promote',
];

/** The strongest keeper: who would heal comes before who only installed. */
export function keeperOf(object: JsonObject): Keeper | null {
  return (
    operatorOf(object) ?? rolloutsOf(object) ?? argoOf(object) ?? fluxOf(object) ?? helmOf(object)
  );
}

function operatorOf(object: JsonObject): Keeper | null {
  const owner = controllerOf(object);
  if (owner === null) return null;
  const name = `${textAt(owner, ['kind'])} ${textAt(owner, ['name'])}`;
  return { kind: 'operator', name, namespace: '' };
}

function rolloutsOf(object: JsonObject): Keeper | null {
  const name = annotationOf(object, 'argo-rollouts.argoproj.io/managed-by-rollouts');
  if (name !== '') return { kind: 'rollouts', name, namespace: '' };
  // A Deployment that a Rollout takes its template from.
  return annotationOf(object, 'rollout.argoproj.io/workload-generation') === ''
    ? null
    : { kind: 'rollouts', name: nameOf(object), namespace: '' };
}

function argoOf(object: JsonObject): Keeper | null {
  // `app:group/Kind:namespace/name`, the app with its namespace and `_` where it has one.
  const tracked = annotationOf(object, 'argocd.argoproj.io/tracking-id').split(':')[0] ?? '';
  if (tracked !== '') {
    const [first = '', second] = tracked.split('_');
    return second === undefined
      ? { kind: 'argocd', name: first, namespace: '' }
      : { kind: 'argocd', name: second, namespace: first };
  }
  const instance = labelOf(object, 'app.kubernetes.io/instance');
  const isByArgo = objectsAt(object, ['metadata', 'managedFields']).some((entry) =>
    textAt(entry, ['manager']).startsWith('argocd'),
  );
  return instance !== '' && isByArgo ? { kind: 'argocd', name: instance, namespace: '' } : null;
}

function fluxOf(object: JsonObject): Keeper | null {
  const kinds = [
    ['kustomization', 'kustomize.toolkit.fluxcd.io'],
    ['helmrelease', 'helm.toolkit.fluxcd.io'],
  ] as const;
  for (const [kind, group] of kinds) {
    const name = labelOf(object, `${group}/name`);
    if (name !== '') return { kind, name, namespace: labelOf(object, `${group}/namespace`) };
  }
  return null;
}

function helmOf(object: JsonObject): Keeper | null {
  const name = annotationOf(object, 'meta.helm.sh/release-name');
  const namespace = annotationOf(object, 'meta.helm.sh/release-namespace');
  return name === '' ? null : { kind: 'helm', name, namespace };
}

/** What follows for the plan: a sentence, or a refusal that names the owner's own way. */
export function judgeOwner(ownership: Ownership): Result<Owner, PlanRefusal> {
  const { keeper, subject } = ownership;
  if (keeper === null) return ok(nobody);
  switch (keeper.kind) {
    case 'argocd':
      return judgeArgo(ownership, keeper);
    case 'kustomization':
    case 'helmrelease':
      return judgeFlux(ownership, keeper, fluxNames[keeper.kind]);
    case 'helm':
      return ok({
        kind: 'helm',
        name: keeper.name,
        says:
          `Helm release ${keeper.name} installed it and does not watch it: ` +
          'the next `helm upgrade` may put this change back.',
      });
    case 'rollouts':
      return refusePlan(
        'owner_would_heal',
        `${subject} is kept by Argo Rollouts (${keeper.name}), which would undo the change within ` +
          'seconds. Make that Rollout a target of the policy and act on it.',
      );
    case 'operator':
      return refusePlan(
        'owner_would_heal',
        `${subject} is kept by ${keeper.name}, whose controller would undo the change. ` +
          'Change that object instead.',
      );
  }
}

function judgeArgo(
  { subject, verb, targets }: Ownership,
  { name }: Keeper,
): Result<Owner, PlanRefusal> {
  if (leftAlone.includes(verb)) {
    return ok({
      kind: 'argocd',
      name,
      says: `Argo CD keeps it (application ${name}); what ${verb} changes is not in Git, so that it stays.`,
    });
  }
  const way = targets.find(({ on }) => on.kind === 'argocd' && on.application === name);
  const advice =
    way === undefined
      ? `Roll back that application in Argo CD, or add it to the policy as a target of kind argocd`
      : `Ask for \`rollback ${way.id}\`, which goes through Argo CD`;
  return refusePlan(
    'owner_would_heal',
    `${subject} is kept by Argo CD (application ${name}), which would heal ${verb} back. ${advice}.`,
  );
}

const fluxNames = { kustomization: 'Kustomization', helmrelease: 'HelmRelease' } as const;

function judgeFlux(
  { subject, verb, isSuspended }: Ownership,
  { kind, name, namespace }: Keeper,
  fluxName: string,
): Result<Owner, PlanRefusal> {
  const owner = `Flux ${fluxName} ${namespace}/${name}`;
  if (isSuspended === true) {
    const says = `${owner} is suspended: resume it only when Git has the fix.`;
    return ok({ kind: 'flux', name, says });
  }
  if (leftAlone.includes(verb)) {
    const says = `${owner} keeps it; what ${verb} changes is not in Git, so that it stays.`;
    return ok({ kind: 'flux', name, says });
  }
  const state =
    isSuspended === null ? 'could not be asked whether it is suspended' : 'is not suspended';
  return refusePlan(
    'owner_would_heal',
    `${subject} is kept by ${owner}, which ${state} and would heal ${verb} back. Suspend it first ` +
      `(\`flux suspend ${kind} ${name} -n ${namespace}\`), or revert the commit in Git.`,
  );
}
