import type { PlanRefusal } from '../action/plan.ts';
import { ok } from '../shared/result.ts';
import { isInProgress } from './facts.ts';
import type { JsonPatchOperation } from './json-patch.ts';
import { setField, testField, testWorkload } from './patch.ts';
import { at, isTrueAt, textAt } from './read.ts';
import { nameRef } from './refs.ts';
import { refusePlan } from './refuse.ts';
import {
  keptFacts,
  patchStep,
  plainDraft,
  type Drawn,
  type PatchStep,
  type Planned,
  type Scene,
} from './scene.ts';

/** Sends traffic back to the stable version of an update that is under way. */
export function planAbort(scene: Scene): Planned {
  const { object, ref, target } = scene;
  const subject = nameRef(ref);
  if (isTrueAt(object, ['status', 'abort'])) return alreadyAborted(scene);
  if (!isInProgress(object)) {
    return refusePlan(
      'not_in_progress',
      `${subject} is not between two versions: there is nothing to abort. Ask for ` +
        `\`rollback ${target.id}\` to leave the version that it has.`,
    );
  }
  const step = statusStep(scene, {
    says: `Abort the update of ${subject}`,
    keeps: [...keptFacts(scene), 'promoted'],
    becomes: ['aborted'],
    operations: [
      ...testField(object, ['status', 'currentPodHash']),
      ...testField(object, ['status', 'stableRS']),
      setField(object, ['status', 'abort'], true),
    ],
  });
  return ok({
    ...drawn(scene, step),
    title: `Abort the update of ${subject}`,
    basis: 'An update is under way, and the stable version is still there.',
    changes: [{ what: 'traffic', from: 'partly to the new version', to: 'all to the stable one' }],
    undo: `Ask for \`retry ${target.id}\`.`,
    risks: ['Its template still holds the new version: `retry`, or any change of it, goes on.'],
    risk: 'narrow',
    followUps: [{ says: remains(scene), afterMs: null }],
  });
}

const remains = ({ ref, target }: Scene): string =>
  `Put the good template back into ${nameRef(ref)}: by \`rollback ${target.id}\`, or in Git where ` +
  'it is kept there.';

function alreadyAborted(scene: Scene): { readonly ok: false; readonly error: PlanRefusal } {
  const { object, ref } = scene;
  const atIso = textAt(object, ['status', 'abortedAt']);
  return refusePlan(
    'already_there',
    `Argo Rollouts aborted the update of ${nameRef(ref)} already${atIso === '' ? '' : ` at ${atIso}`}: ` +
      `traffic is on the stable version. What remains: ${remains(scene)}`,
  );
}

/** Lets an aborted update go on. */
export function planRetry(scene: Scene): Planned {
  const { object, ref, target } = scene;
  const subject = nameRef(ref);
  if (!isTrueAt(object, ['status', 'abort'])) {
    const message = `${subject} was not aborted: there is nothing to retry.`;
    return refusePlan('not_in_progress', message);
  }
  const step = statusStep(scene, {
    says: `Retry the update of ${subject}`,
    keeps: keptFacts(scene),
    becomes: ['aborted'],
    operations: [
      ...testField(object, ['status', 'abort']),
      setField(object, ['status', 'abort'], false),
    ],
  });
  return ok({
    ...drawn(scene, step),
    title: `Retry the aborted update of ${subject}`,
    basis: 'The update was aborted, and its template is still there.',
    changes: [{ what: 'update', from: 'aborted', to: 'goes through its steps again' }],
    undo: `Ask for \`abort ${target.id}\`.`,
    risks: ['The version that was aborted gets traffic again.'],
    risk: 'wide',
  });
}

/** Ends an update at once, without its remaining steps, pauses and analyses. */
export function planPromote(scene: Scene): Planned {
  const { object, ref, target } = scene;
  const subject = nameRef(ref);
  if (!isInProgress(object)) {
    const message = `${subject} is not between two versions: there is nothing to promote.`;
    return refusePlan('not_in_progress', message);
  }
  if (isTrueAt(object, ['status', 'abort'])) {
    const message = `The update of ${subject} is aborted: ask for \`retry ${target.id}\` first.`;
    return refusePlan('not_ready', message);
  }
  if (isTrueAt(object, ['spec', 'paused'])) {
    const message = `${subject} is paused: ask for \`resume ${target.id}\` first.`;
    return refusePlan('paused', message);
  }
  const step = statusStep(scene, {
    says: `Promote ${subject} in full`,
    keeps: keptFacts(scene),
    becomes: ['promoted'],
    operations: [
      ...testField(object, ['status', 'currentPodHash']),
      setField(object, ['status', 'promoteFull'], true),
    ],
  });
  return ok({
    ...drawn(scene, step),
    title: `Promote ${subject} in full`,
    basis: 'An update is under way and shall end at once.',
    changes: [{ what: 'update', from: 'step by step', to: 'to all replicas at once' }],
    undo: `Ask for \`rollback ${target.id}\`.`,
    risks: ['The steps, pauses and analyses that remain are skipped.'],
    risk: 'wide',
  });
}

type StatusStep = Pick<PatchStep, 'says' | 'keeps' | 'becomes'> & {
  readonly operations: readonly JsonPatchOperation[];
};

const statusStep = (scene: Scene, step: StatusStep): ReturnType<typeof patchStep> =>
  patchStep(scene, {
    ...step,
    id: 's1',
    ref: scene.ref,
    object: scene.object,
    operations: [...testWorkload(scene.object, scene.autoscaler !== null), ...step.operations],
    subresource: 'status',
  });

const drawn = (
  { object }: Scene,
  step: ReturnType<typeof patchStep>,
): Pick<Drawn, 'steps' | 'before' | 'followUps' | 'convergeWithinMs' | 'versions'> => ({
  ...plainDraft,
  steps: [step],
  before: { status: at(object, ['status']) ?? null },
});
