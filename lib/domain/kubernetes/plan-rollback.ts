import type { Change, FollowUp } from '../action/plan.ts';
import type { JsonObject } from '../shared/json.ts';
import { ok } from '../shared/result.ts';
import { durationMs, seconds, type DurationMs } from '../shared/time.ts';
import { chooseRevision, type ChosenRevision } from './choose-revision.ts';
import { replicasOf } from './facts.ts';
import { forcedSteps } from './forced-rollback.ts';
import type { JsonPatchOperation } from './json-patch.ts';
import { annotationsAfterUndo, testWorkload } from './patch.ts';
import { annotationOf, isTrueAt, numberAt, objectAt, textAt } from './read.ts';
import { nameRef } from './refs.ts';
import { refusePlan } from './refuse.ts';
import {
  currentRevision,
  revisionsOfController,
  revisionsOfReplicaSets,
  type Revision,
} from './revisions.ts';
import { keptFacts, patchStep, plainDraft, type Drawn, type Planned, type Scene } from './scene.ts';
import { templateChanges } from './template-changes.ts';
import { nameImages, templateHash, templateOf, versionNames } from './template.ts';

const changeCause = 'kubernetes.io/change-cause';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Puts the pod template of an earlier revision back, that one and no other: the plan holds the
 * whole template, so that sending it twice changes nothing. Replicas, strategy, ConfigMaps and
 * data stay as they are.
 */
export function planRollback(scene: Scene): Planned {
  const refused = whyNot(scene);
  if (refused !== null) return refused;
  const { object, ref, digest, history } = scene;
  const isOfReplicaSets = ref.kind === 'Deployment' || ref.kind === 'Rollout';
  const revisions = isOfReplicaSets
    ? revisionsOfReplicaSets(object, history, digest)
    : revisionsOfController(object, history, digest);
  const current = currentRevision(object, revisions, digest);
  const chosen = chooseRevision({
    subject: nameRef(ref),
    revisions,
    current,
    currentHash: templateHash(templateOf(object), digest),
    historyLimit: numberAt(object, ['spec', 'revisionHistoryLimit']),
    healthyVersions: scene.healthyVersions,
    recorded: recordedAsGood(object, revisions),
    wanted: scene.request.parameters['to'] ?? null,
  });
  return chosen.ok ? ok(draw(scene, chosen.value, current)) : chosen;
}

function whyNot({ object, ref }: Scene): ReturnType<typeof refusePlan> | null {
  const subject = nameRef(ref);
  if (ref.kind === 'Deployment' && isTrueAt(object, ['spec', 'paused'])) {
    const message = `${subject} is paused: a rollback would not roll. Ask for \`resume\` first.`;
    return refusePlan('paused', message);
  }
  const source = textAt(object, ['spec', 'workloadRef', 'name']);
  if (ref.kind === 'Rollout' && source !== '') {
    return refusePlan(
      'verb_not_for_target',
      `${subject} takes its template from ${source} (workloadRef): abort it, and put the template ` +
        `of ${source} back where it is kept.`,
    );
  }
  if (textAt(object, ['spec', 'updateStrategy', 'type']) === 'OnDelete') {
    return refusePlan(
      'verb_not_for_target',
      `${subject} has the update strategy OnDelete: a rollback changes no pod. Put the template ` +
        'back and delete its pods by hand.',
    );
  }
  return null;
}

/** What the platform itself remembers: the stable ReplicaSet, or the last finished revision. */
function recordedAsGood(object: JsonObject, revisions: readonly Revision[]): string | null {
  const stable = textAt(object, ['status', 'stableRS']);
  if (stable !== '') return revisions.find(({ podHash }) => podHash === stable)?.name ?? null;
  return textAt(object, ['status', 'currentRevision']) || null;
}

function draw(scene: Scene, chosen: ChosenRevision, current: Revision | null): Drawn {
  const { object, ref } = scene;
  const { revision, basis } = chosen;
  const subject = nameRef(ref);
  const from = templateOf(object);
  const forced = ref.kind === 'StatefulSet' ? forcedSteps(scene, revision) : [];
  const step = patchStep(scene, {
    id: 's1',
    says: `Put the pod template of revision ${revision.number} back into ${subject}`,
    ref,
    object,
    keeps: keptFacts(scene),
    becomes: ['template'],
    operations: operationsOf(scene, revision),
  });
  const number = current === null ? 'not yet numbered' : String(current.number);
  return {
    ...plainDraft,
    title: `Roll back ${subject} to revision ${revision.number}`,
    basis,
    changes: [
      { what: 'revision', from: number, to: `${revision.number}, as a new one` },
      ...causeChange(scene, revision),
      ...templateChanges(from, revision.template),
    ],
    steps: [step, ...forced],
    undo: undoOf(scene, current),
    risks: risksOf(scene, chosen, forced.length),
    risk: forced.length > 0 ? 'irreversible' : 'wide',
    followUps: [makeItLast(scene)],
    before: {
      template: from,
      annotations: objectAt(object, ['metadata', 'annotations']),
      revision: current?.number ?? null,
    },
    convergeWithinMs: convergeWithin(object),
    versions: {
      from: versionNames(from),
      to: versionNames(revision.template),
      isGuess: chosen.isGuess,
    },
  };
}

/** The note of a version's author comes back with it, as by kubectl's own undo. */
function causeChange({ object, ref }: Scene, { annotations }: Revision): readonly Change[] {
  const from = annotationOf(object, changeCause);
  const to = textAt(annotations, [changeCause]);
  if (ref.kind !== 'Deployment' || from === to) return [];
  return [{ what: 'change-cause', from: from || 'none', to: to || 'none' }];
}

function operationsOf(
  { object, ref, autoscaler }: Scene,
  revision: Revision,
): readonly JsonPatchOperation[] {
  const tests = testWorkload(object, autoscaler !== null);
  const template = { op: 'replace', path: '/spec/template', value: revision.template } as const;
  if (ref.kind !== 'Deployment') return [...tests, template];
  const annotations = annotationsAfterUndo({
    deployment: objectAt(object, ['metadata', 'annotations']),
    replicaSet: revision.annotations,
  });
  return [...tests, template, { op: 'add', path: '/metadata/annotations', value: annotations }];
}

const undoOf = ({ target }: Scene, current: Revision | null): string =>
  current === null
    ? 'Put the pod template from the record of this action back.'
    : `Ask for \`rollback ${target.id}\` with \`to\` ${current.number}, while that revision is kept.`;

function makeItLast({ target, ref }: Scene): FollowUp {
  const how =
    target.git === null ? 'Put the same version' : `Ask for \`revert ${target.id}\`, or put it`;
  return {
    says: `${how} into what deploys ${nameRef(ref)}: its next deploy brings the newer version back.`,
    afterMs: null,
  };
}

function risksOf(
  scene: Scene,
  { revision, isGuess }: ChosenRevision,
  deleted: number,
): readonly string[] {
  const { object } = scene;
  const risks: readonly (readonly [boolean, string])[] = [
    [isGuess, 'Nothing tells that this revision was ever healthy: one approval more is needed.'],
    [true, 'Only the pod template goes back; ConfigMaps, Secrets and data stay as they are.'],
    [
      nameImages(templateOf(object)) === nameImages(revision.template),
      'Both versions name the same images: if a tag was overwritten, the old code does not return.',
    ],
    [
      textAt(object, ['spec', 'strategy', 'type']) === 'Recreate',
      'Its strategy is Recreate: all pods end before the first new one starts.',
    ],
    [
      annotationOf(object, lastApplied) !== '',
      'A later `kubectl apply` of the newer manifest may leave some fields as they are now.',
    ],
    [hasPartition(object), 'Its partition keeps the pods below it as they are.'],
    [
      deleted > 0,
      `${deleted} stuck pods are deleted, since the controller would wait for them for ever.`,
    ],
    [
      scene.ref.kind === 'Rollout',
      'A rollback is a new update through all steps, unless it is to the stable version.',
    ],
  ];
  return risks.filter(([applies]) => applies).map(([, says]) => says);
}

const hasPartition = (object: JsonObject): boolean =>
  (numberAt(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition']) ?? 0) > 0;

/** The deadline is for lack of progress, so that each wave of pods may take its readiness time. */
function convergeWithin(object: JsonObject): DurationMs {
  const deadlineS = numberAt(object, ['spec', 'progressDeadlineSeconds']) ?? 600;
  const readyS = numberAt(object, ['spec', 'minReadySeconds']) ?? 0;
  return durationMs(seconds(deadlineS + 60) + seconds(readyS * replicasOf(object)));
}
