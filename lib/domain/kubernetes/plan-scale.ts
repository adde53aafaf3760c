import type { Owner, PlanRefusal } from '../action/plan.ts';
import { ok, type Result } from '../shared/result.ts';
import { minutes } from '../shared/time.ts';
import { replicasOf } from './facts.ts';
import { setField, testField, testIdentity, testWorkload } from './patch.ts';
import { nameOf, numberAt } from './read.ts';
import { nameRef, refTo } from './refs.ts';
import { refusePlan } from './refuse.ts';
import { rolloutStatus } from './rollout-status.ts';
import { keptFacts, patchStep, plainDraft, type Planned, type Scene } from './scene.ts';

/** New replicas need a node, an image and a start. */
const scaleWithinMs = minutes(6);

/**
 * An absolute number of replicas. Where an autoscaler would put it back, its floor is raised
 * instead, which also works while its metrics are down.
 */
export function planScale(scene: Scene): Planned {
  const wanted = wantedReplicas(scene);
  if (!wanted.ok) return wanted;
  const { autoscaler, object } = scene;
  // With no replicas at all the autoscaler is off, until somebody sets some (Kubernetes' own rule).
  const isAutoscaled = autoscaler !== null && replicasOf(object) > 0;
  return isAutoscaled
    ? planFloor(scene, autoscaler, wanted.value)
    : planReplicas(scene, wanted.value);
}

function wantedReplicas(scene: Scene): Result<number, PlanRefusal> {
  const { target, request, object, ref } = scene;
  const subject = nameRef(ref);
  const now = replicasOf(object);
  const wanted = readWanted(request.parameters, now);
  if (wanted === null) {
    return refusePlan(
      'bad_parameter',
      'Say how many: `replicas` as a whole number, such as 12, or `by` such as +3 or +50%. ' +
        `${subject} has ${now}.`,
    );
  }
  const bounds = target.replicas;
  if (bounds === null) {
    return refusePlan(
      'out_of_bounds',
      `The policy gives no bounds for ${target.id}: add \`replicas: {min, max}\` to the target to ` +
        'let it be scaled.',
    );
  }
  if (wanted < bounds.min || wanted > bounds.max) {
    return refusePlan(
      'out_of_bounds',
      `${count(wanted)} of ${subject} are outside of the policy's bounds: ask for ` +
        `${bounds.min} to ${bounds.max}.`,
    );
  }
  const floor = Math.max(2, Math.ceil(now / 2));
  if (wanted < now && wanted < floor) {
    return refusePlan(
      'out_of_bounds',
      `${count(wanted)} would take too much away from ${subject}, which has ${now}: ask for at ` +
        `least ${floor} (half of it, and never under 2).`,
    );
  }
  return ok(wanted);
}

const count = (replicas: number): string => `${replicas} replica${replicas === 1 ? '' : 's'}`;

function readWanted(parameters: Readonly<Record<string, string>>, now: number): number | null {
  const { replicas, by } = parameters;
  if (replicas !== undefined) return /^\d{1,5}$/.test(replicas) ? Number(replicas) : null;
  const relative = /^([+-]?)(\d{1,5})(%?)$/.exec(by ?? '');
  if (relative === null) return null;
  const [, sign, digits, percent] = relative;
  const amount = percent === '%' ? Math.ceil((now * Number(digits)) / 100) : Number(digits);
  return sign === '-' ? now - amount : now + amount;
}

function planReplicas(scene: Scene, wanted: number): Planned {
  const { object, ref, target, owner } = scene;
  const subject = nameRef(ref);
  const now = replicasOf(object);
  if (wanted === now) {
    const message = `${subject} has ${now} replicas already: nothing to do. Ask for another number.`;
    return refusePlan('already_there', message);
  }
  const step = patchStep(scene, {
    id: 's1',
    says: `Set the replicas of ${subject} to ${wanted}`,
    ref,
    object,
    keeps: keptFacts({ autoscaler: null }),
    becomes: ['replicas'],
    operations: [
      ...testWorkload(object, false),
      ...testField(object, ['spec', 'replicas']),
      setField(object, ['spec', 'replicas'], wanted),
    ],
  });
  return ok({
    ...plainDraft,
    title: `Scale ${subject} from ${now} to ${wanted} replicas`,
    basis: `${wanted} replicas were asked for; the policy allows them.`,
    changes: [{ what: 'replicas', from: String(now), to: String(wanted) }],
    steps: [step],
    undo: `Ask for \`scale ${target.id}\` with \`replicas\` ${now}.`,
    risks: scaleRisks(scene, wanted > now),
    risk: wanted > now ? 'narrow' : 'wide',
    owner,
    followUps: [{ says: `Set the replicas of ${subject} back to ${now}.`, afterMs: null }],
    before: { replicas: now },
    convergeWithinMs: scaleWithinMs,
  });
}

function planFloor(
  scene: Scene,
  autoscaler: NonNullable<Scene['autoscaler']>,
  wanted: number,
): Planned {
  const ref = refTo('HorizontalPodAutoscaler', scene.ref.namespace, nameOf(autoscaler));
  const subject = nameRef(ref);
  const floor = numberAt(autoscaler, ['spec', 'minReplicas']) ?? 1;
  const ceiling = numberAt(autoscaler, ['spec', 'maxReplicas']) ?? 0;
  if (wanted > ceiling) {
    return refusePlan(
      'out_of_bounds',
      `${wanted} replicas are more than ${subject} allows: ask for at most ${ceiling}, or raise ` +
        'its maxReplicas where it is kept.',
    );
  }
  if (wanted === floor) {
    const message = `${subject} keeps at least ${floor} replicas already: ask for another number.`;
    return refusePlan('already_there', message);
  }
  const step = patchStep(scene, {
    id: 's1',
    says: `Set minReplicas of ${subject} to ${wanted}`,
    ref,
    object: autoscaler,
    keeps: ['uid', 'maxReplicas'],
    becomes: ['minReplicas'],
    operations: [
      ...testIdentity(autoscaler),
      ...testField(autoscaler, ['spec', 'minReplicas']),
      ...testField(autoscaler, ['spec', 'maxReplicas']),
      setField(autoscaler, ['spec', 'minReplicas'], wanted),
    ],
  });
  const now = replicasOf(scene.object);
  return ok({
    ...plainDraft,
    title: `Keep at least ${wanted} replicas of ${nameRef(scene.ref)} (minReplicas of its autoscaler)`,
    basis: `${subject} would put replicas that are set by hand back, so its floor moves instead.`,
    changes: [{ what: 'minReplicas', from: String(floor), to: String(wanted) }],
    steps: [step],
    undo: `Set minReplicas of ${subject} back to ${floor}.`,
    risks: [...scaleRisks(scene, wanted > now), ...floorRisks(now, wanted)],
    risk: wanted > floor ? 'narrow' : 'wide',
    owner: ownerOf(scene, nameOf(autoscaler)),
    followUps: [{ says: `Set minReplicas of ${subject} back to ${floor}.`, afterMs: null }],
    before: { minReplicas: floor, maxReplicas: ceiling, replicas: now },
    convergeWithinMs: scaleWithinMs,
  });
}

const ownerOf = ({ owner }: Scene, name: string): Owner => ({
  kind: 'hpa',
  name,
  says:
    `HorizontalPodAutoscaler ${name} decides the replicas between its bounds.` +
    (owner.kind === 'nobody' ? '' : ` ${owner.says}`),
});

function floorRisks(now: number, wanted: number): readonly string[] {
  if (wanted > now) return [];
  return [
    `It has ${now} replicas now: the autoscaler goes down to ${wanted} only when its metrics say ` +
      'so, five minutes later at the earliest.',
  ];
}

function scaleRisks({ object, nowMs }: Scene, isUp: boolean): readonly string[] {
  const isRolling = rolloutStatus(object, nowMs).kind !== 'converged';
  return [
    ...(isUp ? ['More replicas load what they depend on, such as database connections.'] : []),
    ...(isRolling
      ? ['A rollout is under way: part of the new replicas run its version. Roll back first.']
      : []),
  ];
}
