import type { PlanRefusal } from '../action/plan.ts';
import type { JsonObject } from '../shared/json.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { minutes } from '../shared/time.ts';
import { selectorFact } from './facts.ts';
import { setField, testField, testIdentity } from './patch.ts';
import { isReady } from './pod-trouble.ts';
import { at, kindOf, labelOf, nameOf, objectAt, objectsAt, textAt } from './read.ts';
import { nameRef } from './refs.ts';
import { refusePlan } from './refuse.ts';
import { rolloutStatus } from './rollout-status.ts';
import { patchStep, plainDraft, type Planned, type Scene } from './scene.ts';
import { versionNames } from './template.ts';

interface Switch {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Moves all traffic of a Service to its other side. `pods` of the scene are those of both sides,
 * `related` the Deployments behind the other one.
 */
export function planSwitch(scene: Scene): Planned {
  const found = readSwitch(scene);
  if (!found.ok) return found;
  const { object, ref, target } = scene;
  const { key, from, to } = found.value;
  const unready = whyNotReady(scene, found.value);
  if (unready !== null) return err(unready);
  const subject = nameRef(ref);
  const serving = readyPods(scene, found.value.key, from).length;
  const step = patchStep(scene, {
    id: 's1',
    says: `Point ${subject} at ${key}=${to}`,
    ref,
    object,
    keeps: ['uid'],
    becomes: [selectorFact(key)],
    operations: [
      ...testIdentity(object),
      ...testField(object, ['spec', 'selector', key]),
      setField(object, ['spec', 'selector', key], to),
    ],
  });
  return ok({
    ...plainDraft,
    title: `Switch ${subject} from ${from} to ${to}`,
    basis: `The pods of ${to} are ready, as many as now serve on ${from}.`,
    changes: [{ what: `selector ${key}`, from, to }],
    steps: [step],
    undo: `Ask for \`switch ${target.id}\` with \`to\` ${from}, while that side is kept running.`,
    risks: [
      'Open connections stay on the old side until they end: keep it running for a while.',
      'A load balancer that registers pods by itself may have no target for a moment.',
    ],
    risk: 'wide',
    followUps: [
      { says: `Keep ${from} running until its connections have ended.`, afterMs: minutes(5) },
    ],
    before: { selector: objectAt(object, ['spec', 'selector']), serving },
    convergeWithinMs: minutes(3),
    versions: { from: versionsBehind(scene, key, from), to: versionsBehind(scene, key, to) },
  });
}

function readSwitch({ target, object, ref, request }: Scene): Result<Switch, PlanRefusal> {
  if (target.on.kind !== 'service') return refusePlan('verb_not_for_target', 'Not a Service.');
  const { selectorKey: key, sides } = target.on;
  const from = textAt(object, ['spec', 'selector', key]);
  const other = sides.find((side) => side !== from) ?? '';
  const found = { key, from, to: request.parameters['to'] ?? other };
  return whyNotThere(nameRef(ref), found, sides) ?? ok(found);
}

function whyNotThere(
  subject: string,
  { key, from, to }: Switch,
  sides: readonly string[],
): ReturnType<typeof refusePlan> | null {
  const names = sides.join(' and ');
  if (!sides.includes(to)) {
    const message = `${subject} has the sides ${names}, not ${to}: name one of these.`;
    return refusePlan('bad_parameter', message);
  }
  if (to === from) {
    const message = `${subject} points at ${to} already: nothing to do.`;
    return refusePlan('already_there', message);
  }
  if (sides.includes(from)) return null;
  return refusePlan(
    'not_ready',
    `${subject} selects ${key}=${from || '(nothing)'}, which is none of ${names}: correct the ` +
      'sides in the policy, or the Service.',
  );
}

const sideOf = ({ pods }: Scene, key: string, side: string): readonly JsonObject[] =>
  pods.filter((pod) => labelOf(pod, key) === side);

const readyPods = (scene: Scene, key: string, side: string): readonly JsonObject[] =>
  sideOf(scene, key, side).filter((pod) => isReady(pod));

const versionsBehind = (scene: Scene, key: string, side: string): readonly string[] => [
  ...new Set(sideOf(scene, key, side).flatMap((pod) => versionNames(pod))),
];

function whyNotReady(scene: Scene, { key, from, to }: Switch): PlanRefusal | null {
  const [now, then] = [from, to].map((side) => readyPods(scene, key, side).length);
  const needed = Math.max(1, now ?? 0);
  const subject = nameRef(scene.ref);
  const unready = (why: string, advice: string): PlanRefusal => ({
    kind: 'plan-refused',
    reason: 'not_ready',
    message: `${subject} cannot move to ${to}: ${why}. ${advice}`,
  });
  if ((then ?? 0) < needed) {
    const why = `${then ?? 0} of its pods are ready, and ${needed} are needed`;
    return unready(why, 'Scale that side up first.');
  }
  const rolling = scene.related.find(
    (workload) => rolloutStatus(workload, scene.nowMs).kind !== 'converged',
  );
  if (rolling !== undefined) {
    const why = `${kindOf(rolling)} ${nameOf(rolling)} is still rolling`;
    return unready(why, 'Wait until it is complete.');
  }
  const port = missingPort(scene, readyPods(scene, key, to));
  if (port === null) return null;
  return unready(`its pods have no port named ${port}`, 'Correct the ports of that side.');
}

/** A named port that the Service sends to and one of the pods lacks. */
function missingPort({ object }: Scene, pods: readonly JsonObject[]): string | null {
  const named = objectsAt(object, ['spec', 'ports'])
    .map((port) => at(port, ['targetPort']))
    .filter((port) => typeof port === 'string');
  return named.find((port) => !pods.every((pod) => portsOf(pod).includes(port))) ?? null;
}

const portsOf = (pod: JsonObject): readonly string[] =>
  objectsAt(pod, ['spec', 'containers'])
    .flatMap((container) => objectsAt(container, ['ports']))
    .map((port) => textAt(port, ['name']));
