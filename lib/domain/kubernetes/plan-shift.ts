import type { PlanRefusal } from '../action/plan.ts';
import type { JsonObject } from '../shared/json.ts';
import { ok, type Result } from '../shared/result.ts';
import { minutes } from '../shared/time.ts';
import { isEndpointReady, serviceOfSlice } from './endpoints.ts';
import { weightFact, weightOf } from './facts.ts';
import type { JsonPatchOperation } from './json-patch.ts';
import { pointer } from './json-patch.ts';
import { testIdentity } from './patch.ts';
import { objectsAt, textAt } from './read.ts';
import { nameRef } from './refs.ts';
import { refusePlan } from './refuse.ts';
import { patchStep, plainDraft, type Planned, type Scene } from './scene.ts';

interface Backend {
  readonly name: string;
  readonly weight: number;
}

type Weights = Result<readonly Backend[], PlanRefusal>;

/** Moves the weights of one rule of an HTTPRoute. `related` are the EndpointSlices near it. */
export function planShift(scene: Scene): Planned {
  const { target, object, ref } = scene;
  if (target.on.kind !== 'http-route')
    return refusePlan('verb_not_for_target', 'Not an HTTPRoute.');
  const { rule } = target.on;
  const backends = backendsOf(object, rule);
  const wanted = wantedWeights(scene, backends);
  if (!wanted.ok) return wanted;
  const refused = whyNot(scene, backends, wanted.value);
  if (refused !== null) return refused;
  const subject = nameRef(ref);
  const [from, to] = [describe(backends), describe(wanted.value)];
  const step = patchStep(scene, {
    id: 's1',
    says: `Set the weights of ${subject}, rule ${rule}, to ${to}`,
    ref,
    object,
    keeps: ['uid', 'generation'],
    becomes: backends.map(({ name }) => weightFact(rule, name)),
    operations: operationsOf(scene, rule, wanted.value),
  });
  return ok({
    ...plainDraft,
    title: `Shift ${subject} to ${to}`,
    basis: 'The backends that get more have ready endpoints.',
    changes: [{ what: `weights of rule ${rule}`, from, to }],
    steps: [step],
    undo: `Ask for \`shift ${target.id}\` with \`to\` ${from.replaceAll(' ', '')}.`,
    risks: ['Backends that get more traffic must be able to bear it.'],
    risk: 'wide',
    followUps: [
      { says: `Put the weights of ${subject} back to ${from}, once it is safe.`, afterMs: null },
    ],
    before: { weights: backends.map(({ name, weight }) => ({ name, weight })) },
    convergeWithinMs: minutes(2),
  });
}

const backendsOf = (route: JsonObject, rule: number): readonly Backend[] =>
  objectsAt(route, ['spec', 'rules', rule, 'backendRefs']).map((backend) => ({
    name: textAt(backend, ['name']),
    weight: weightOf(backend),
  }));

const describe = (backends: readonly Backend[]): string =>
  backends.map(({ name, weight }) => `${name}=${weight}`).join(', ');

/** `green` alone means all of it; `green=90` leaves the rest of a hundred to the other one. */
function wantedWeights({ ref, request }: Scene, backends: readonly Backend[]): Weights {
  const text = request.parameters['to'] ?? '';
  const named = readWeights(text);
  const names = backends.map(({ name }) => name);
  const sum = [...named.values()].reduce((total, weight) => total + weight, 0);
  const areKnown = [...named.keys()].every((name) => names.includes(name));
  if (areKnown && sum > 0 && isWhole(names.length - named.size, sum)) {
    return ok(names.map((name) => ({ name, weight: named.get(name) ?? 100 - sum })));
  }
  return refusePlan(
    'bad_parameter',
    `Say in \`to\` where the traffic of ${nameRef(ref)} goes, in per cent, such as ` +
      `${names[0] ?? 'green'}=90: its backends are ${names.join(' and ') || 'none'}. ` +
      `Received: ${text || 'nothing'}.`,
  );
}

/** Whether it is clear what those get that are not named. */
const isWhole = (unnamed: number, sum: number): boolean =>
  unnamed === 0 || sum === 100 || (unnamed === 1 && sum < 100);

/** What cannot be read is a backend without a name, which there is none of. */
const readWeights = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split(',')
      .map((part) => /^([a-z0-9.-]+)(?:=(\d{1,6}))?$/.exec(part.trim()))
      .map((parts) => [parts?.[1] ?? '', Number(parts?.[2] ?? 100)]),
  );

function whyNot(
  { ref, related }: Scene,
  backends: readonly Backend[],
  wanted: readonly Backend[],
): ReturnType<typeof refusePlan> | null {
  const now = new Map(backends.map(({ name, weight }) => [name, weight]));
  const subject = nameRef(ref);
  if (wanted.every(({ name, weight }) => weight === now.get(name))) {
    const message = `${subject} has the weights ${describe(wanted)} already: nothing to do.`;
    return refusePlan('already_there', message);
  }
  const empty = wanted
    .filter(({ name, weight }) => weight > (now.get(name) ?? 0))
    .find(({ name }) => !hasEndpoints(related, name));
  if (empty === undefined) return null;
  return refusePlan(
    'not_ready',
    `${subject} cannot send more to ${empty.name}: that Service has no ready endpoint. ` +
      'Bring its pods up first.',
  );
}

const hasEndpoints = (slices: readonly JsonObject[], service: string): boolean =>
  slices
    .filter((slice) => serviceOfSlice(slice) === service)
    .some((slice) => objectsAt(slice, ['endpoints']).some((endpoint) => isEndpointReady(endpoint)));

/** Lists are replaced as a whole by a merge patch; so each weight is set in its place. */
function operationsOf(
  { object }: Scene,
  rule: number,
  wanted: readonly Backend[],
): readonly JsonPatchOperation[] {
  const base = ['spec', 'rules', rule, 'backendRefs'] as const;
  return [
    ...testIdentity(object),
    { op: 'test', path: pointer(...base), value: objectsAt(object, base) },
    ...wanted.map(({ weight }, index): JsonPatchOperation => ({
      op: 'add',
      path: pointer(...base, index, 'weight'),
      value: weight,
    })),
  ];
}
