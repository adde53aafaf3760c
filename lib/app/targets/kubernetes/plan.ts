import type { PlanDraft, PlanRefusal, TargetRef } from '../../../domain/action/plan.ts';
import { planVerb } from '../../../domain/kubernetes/plan-verb.ts';
import { uidOf } from '../../../domain/kubernetes/read.ts';
import { lockOf, nameRef, refOf, type KubePlace } from '../../../domain/kubernetes/refs.ts';
import { refusePlan } from '../../../domain/kubernetes/refuse.ts';
import type { Drawn, Scene } from '../../../domain/kubernetes/scene.ts';
import { verbsFor } from '../../../domain/policy/target-verbs.ts';
import { ok, type Result } from '../../../domain/shared/result.ts';
import type { PortFailure } from '../../../ports/failure.ts';
import type { Planning } from '../actuator.ts';
import type { KubernetesActuatorDeps } from './deps.ts';
import { notPlanned } from './failures.ts';
import { readScene } from './read-scene.ts';
import { rehearse, type Rehearsed } from './rehearse.ts';

/** Reads the target, draws the plan, and has the server try it. */
export async function planOnCluster(
  { clusters, hashing }: KubernetesActuatorDeps,
  planning: Planning,
): Promise<Result<PlanDraft, PlanRefusal | PortFailure>> {
  const place = placeOf(planning);
  if (!place.ok) return place;
  const { tenant, actionId } = planning;
  const cluster = await clusters.open(tenant.id, place.value.cluster, actionId);
  if (!cluster.ok) return notPlanned(cluster.error);
  const scene = await readScene(cluster.value, planning, {
    place: place.value,
    digest: hashing.digest,
  });
  if (!scene.ok) return scene;
  const drawn = planVerb(scene.value);
  if (!drawn.ok) return drawn;
  const rehearsed = await rehearse(cluster.value, scene.value, drawn.value.steps);
  return rehearsed.ok
    ? ok(draftOf(scene.value, place.value, { ...drawn.value, rehearsed: rehearsed.value }))
    : rehearsed;
}

/** Where the target is; refuses what the policy does not let us change at all. */
function placeOf({ target, tenant, request }: Planning): Result<KubePlace, PlanRefusal> {
  const { on } = target;
  const verbs = verbsFor(target);
  if (on.kind === 'argocd' || !verbs.includes(request.verb)) {
    return refusePlan(
      'verb_not_for_target',
      `${request.verb} cannot be done to ${target.id}: it takes ${verbs.join(', ')}. Name another ` +
        'target, or one of these verbs.',
    );
  }
  const cluster = tenant.actions.clusters.find(({ id }) => id === on.cluster);
  const namespaces = cluster?.namespaces ?? [];
  if (namespaces.includes(on.namespace) && !on.namespace.startsWith('kube-')) return ok(on);
  return refusePlan(
    'not_allowed_there',
    `${nameRef(refOf(on))} is outside of the namespaces that the policy opens in cluster ` +
      `${on.cluster} (${namespaces.join(', ') || 'none'}): add the namespace there, or act by hand.`,
  );
}

function draftOf(
  scene: Scene,
  place: KubePlace,
  { rehearsed, owner: drawnOwner, ...drawn }: Drawn & { readonly rehearsed: Rehearsed },
): PlanDraft {
  const owner = drawnOwner ?? scene.owner;
  return {
    ...drawn,
    verb: scene.request.verb,
    target: targetOf(scene, place),
    locks: locksOf(scene, place, rehearsed),
    steps: rehearsed.steps,
    risks: [...drawn.risks, ...(owner.kind === 'helm' ? [owner.says] : []), ...rehearsed.risks],
    owner,
    dryRun: rehearsed.dryRun,
  };
}

const targetOf = ({ target, object, ref }: Scene, place: KubePlace): TargetRef => ({
  id: target.id,
  platform: 'kubernetes',
  place: place.cluster,
  namespace: ref.namespace,
  kind: ref.kind,
  name: ref.name,
  uid: uidOf(object),
  service: target.service,
  team: target.team,
});

/** The object, whatever else its steps patch, and the owner that several objects may share. */
function locksOf(
  { ref, owner }: Scene,
  { cluster }: KubePlace,
  { steps }: Rehearsed,
): readonly string[] {
  const patched = steps.flatMap(({ call }) => (call.kind === 'kube-patch' ? [call.ref] : []));
  const shared = owner.kind === 'argocd' || owner.kind === 'flux';
  const locks = [
    ...[ref, ...patched].map((each) => lockOf(cluster, each)),
    ...(shared ? [`kubernetes/${cluster}/${owner.kind}/${owner.name}`] : []),
  ];
  return [...new Set(locks)].sort();
}
