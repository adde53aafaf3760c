import { ok } from '../shared/result.ts';
import { toIso } from '../shared/time.ts';
import { setField, testWorkload } from './patch.ts';
import { isTrueAt, objectAt, textAt } from './read.ts';
import { nameRef } from './refs.ts';
import { refusePlan } from './refuse.ts';
import {
  keptFacts,
  patchStep,
  plainDraft,
  type PatchStep,
  type Planned,
  type Scene,
} from './scene.ts';
import { annotateTemplate, templateOf } from './template.ts';

export const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** New pods of the same version, one after the other. The time in it is the plan's, and fixed. */
export function planRestart(scene: Scene): Planned {
  const { object, ref } = scene;
  const subject = nameRef(ref);
  if (ref.kind !== 'Rollout' && isTrueAt(object, ['spec', 'paused'])) {
    const message = `${subject} is paused: a restart would not roll. Ask for \`resume\` first.`;
    return refusePlan('paused', message);
  }
  if (textAt(object, ['spec', 'updateStrategy', 'type']) === 'OnDelete') {
    return refusePlan(
      'verb_not_for_target',
      `${subject} has the update strategy OnDelete: delete its pods by hand to restart them.`,
    );
  }
  const atIso = `${toIso(scene.nowMs).slice(0, 19)}Z`;
  const step = patchStep(scene, {
    id: 's1',
    says: `Restart the pods of ${subject}`,
    ref,
    object,
    keeps: keptFacts(scene),
    ...(ref.kind === 'Rollout' ? restartOfRollout(scene, atIso) : restartOfTemplate(scene, atIso)),
  });
  return ok({
    ...plainDraft,
    title: `Restart ${subject}`,
    basis: 'A restart was asked for; the version stays the same.',
    changes: [{ what: 'pods', from: 'as they run', to: `started anew after ${atIso}` }],
    steps: [step],
    undo: 'A restart cannot be undone, and changes no version.',
    risks: [
      'New pods read ConfigMaps, Secrets and overwritten image tags as they are now.',
      ...(ref.kind === 'Rollout' ? [] : ['It makes a new revision and may push the oldest out.']),
    ],
    risk: 'wide',
    before: { annotations: objectAt(templateOf(object), ['metadata', 'annotations']) },
  });
}

type Restart = Pick<PatchStep, 'becomes' | 'operations'>;

const restartOfTemplate = ({ object, autoscaler }: Scene, atIso: string): Restart => ({
  becomes: ['template'],
  operations: [
    ...testWorkload(object, autoscaler !== null),
    {
      op: 'replace',
      path: '/spec/template',
      value: annotateTemplate(templateOf(object), restartedAt, atIso),
    },
  ],
});

/** Argo Rollouts restarts by a field of its own, without a new revision. */
const restartOfRollout = ({ object, autoscaler }: Scene, atIso: string): Restart => ({
  becomes: ['restartAt'],
  operations: [
    ...testWorkload(object, autoscaler !== null),
    setField(object, ['spec', 'restartAt'], atIso),
  ],
});
