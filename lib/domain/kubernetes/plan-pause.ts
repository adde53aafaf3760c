import { ok } from '../shared/result.ts';
import { setField, testField, testWorkload } from './patch.ts';
import { isTrueAt, objectsAt } from './read.ts';
import { nameRef } from './refs.ts';
import { refusePlan } from './refuse.ts';
import { keptFacts, patchStep, plainDraft, type Drawn, type Planned, type Scene } from './scene.ts';

/** Stops new versions from rolling, or lets them. Running pods stay. */
export function planPause(scene: Scene, isPausing: boolean): Planned {
  const { object, ref } = scene;
  if (isTrueAt(object, ['spec', 'paused']) === isPausing) return nothingToDo(scene, isPausing);
  const title = `${isPausing ? 'Pause' : 'Resume'} the rollout of ${nameRef(ref)}`;
  const step = patchStep(scene, {
    id: 's1',
    says: title,
    ref,
    object,
    keeps: keptFacts(scene),
    becomes: ['paused'],
    operations: [
      ...testWorkload(object, scene.autoscaler !== null),
      ...testField(object, ['spec', 'paused']),
      setField(object, ['spec', 'paused'], isPausing),
    ],
  });
  return ok({
    ...plainDraft,
    title,
    basis: 'It was asked for; running pods stay as they are.',
    steps: [step],
    before: { paused: !isPausing },
    ...(isPausing ? pausing(scene) : resuming(scene)),
  });
}

type Direction = Pick<Drawn, 'changes' | 'undo' | 'risks' | 'risk' | 'followUps'>;

const pausing = ({ ref, target }: Scene): Direction => ({
  changes: [{ what: 'rollout', from: 'rolling', to: 'paused' }],
  undo: `Ask for \`resume ${target.id}\`.`,
  risks: ['While it is paused no version rolls, a rollback neither.'],
  risk: 'narrow',
  followUps: [{ says: `Resume ${nameRef(ref)}.`, afterMs: null }],
});

const resuming = ({ target }: Scene): Direction => ({
  changes: [{ what: 'rollout', from: 'paused', to: 'rolling' }],
  undo: `Ask for \`pause ${target.id}\`.`,
  risks: ['A version that waits behind the pause starts to roll at once.'],
  risk: 'wide',
  followUps: [],
});

function nothingToDo({ object, ref, target }: Scene, isPausing: boolean): Planned {
  const subject = nameRef(ref);
  if (isPausing) {
    return refusePlan('already_there', `${subject} is paused already: nothing to do.`);
  }
  const isAtStep = objectsAt(object, ['status', 'pauseConditions']).length > 0;
  return refusePlan(
    'not_paused',
    isAtStep
      ? `${subject} waits at a step of its own rollout: ask for \`promote ${target.id}\` to go on, ` +
          `or \`abort ${target.id}\` to go back.`
      : `${subject} is not paused: there is nothing to resume.`,
  );
}
