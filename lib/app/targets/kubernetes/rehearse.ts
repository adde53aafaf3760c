import type { Facts, PlanDraft, PlanRefusal, PlanStep } from '../../../domain/action/plan.ts';
import { factsOf } from '../../../domain/kubernetes/facts.ts';
import { nameRef } from '../../../domain/kubernetes/refs.ts';
import { refusePlan } from '../../../domain/kubernetes/refuse.ts';
import type { Scene } from '../../../domain/kubernetes/scene.ts';
import { isFilledIn, templateOf } from '../../../domain/kubernetes/template.ts';
import { at } from '../../../domain/kubernetes/read.ts';
import type { Json, JsonObject } from '../../../domain/shared/json.ts';
import { ok, type Result } from '../../../domain/shared/result.ts';
import type { Cluster, ClusterFailure, KubePatch } from '../../../ports/cluster.ts';
import type { PortFailure } from '../../../ports/failure.ts';
import { notPlanned } from './failures.ts';

/** A plan's steps as the server would carry them out. */
export interface Rehearsed {
  readonly steps: readonly PlanStep[];
  readonly dryRun: PlanDraft['dryRun'];
  readonly risks: readonly string[];
}

type Rehearsal = Promise<Result<Rehearsed, PlanRefusal | PortFailure>>;

/**
 * Has the server try each patch: with its rights, admission and validation, without storing it.
 * Pods cannot be deleted for trial; there the right is asked for.
 */
export async function rehearse(
  cluster: Cluster,
  { digest }: Pick<Scene, 'digest'>,
  steps: readonly PlanStep[],
): Rehearsal {
  const rehearsed: PlanStep[] = [];
  let unavailable: string | null = null;
  // What a deletion after it expects is what the patch before it makes.
  let made: Facts = {};
  for (const step of steps) {
    const tried = await tryStep(cluster, withFacts(step, made), digest);
    if (!tried.ok) return tried;
    rehearsed.push(tried.value.step);
    unavailable ??= tried.value.unavailable;
    if (step.call.kind === 'kube-patch') made = tried.value.step.to;
  }
  if (unavailable === null) {
    return ok({ steps: rehearsed, dryRun: passed, risks: [] });
  }
  const says = `The cluster could not try it without doing it: ${unavailable}`;
  const risks = ['It could not be tried beforehand: admission may still refuse it.'];
  return ok({ steps: rehearsed, dryRun: { kind: 'unavailable', says }, risks });
}

const passed = { kind: 'passed', says: 'The cluster tried it and would accept it.' } as const;

interface Tried {
  readonly step: PlanStep;
  readonly unavailable: string | null;
}

function tryStep(
  cluster: Cluster,
  step: PlanStep,
  digest: Scene['digest'],
): Promise<Result<Tried, PlanRefusal | PortFailure>> {
  const { call } = step;
  return call.kind === 'kube-patch'
    ? tryPatch(cluster, { step, call }, digest)
    : askForDeletion(cluster, step);
}

async function tryPatch(
  cluster: Cluster,
  { step, call }: { readonly step: PlanStep; readonly call: KubePatch },
  digest: Scene['digest'],
): Promise<Result<Tried, PlanRefusal | PortFailure>> {
  const answer = await cluster.patch(call, { isDryRun: true });
  if (!answer.ok) return tryFailed(step, nameRef(call.ref), answer.error);
  const to = factsAfter({ step, call }, answer.value, digest);
  if (to !== null) return ok({ step: { ...step, to }, unavailable: null });
  return refusePlan(
    'dry_run_failed',
    `The cluster would store something else for ${nameRef(call.ref)} than this plan says: an ` +
      'admission webhook changes it on its way. Ask those who run the cluster to exempt it, or ' +
      'roll back through your pipeline.',
  );
}

function tryFailed(
  step: PlanStep,
  subject: string,
  failure: ClusterFailure,
): Result<Tried, PlanRefusal | PortFailure> {
  if (failure.status === 400) return ok({ step, unavailable: failure.message });
  if (failure.kind === 'not_found') {
    return refusePlan('gone', `${subject} is gone since it was read: ask again, once it is back.`);
  }
  if (failure.kind !== 'rejected' || failure.status === 401 || failure.status === 403) {
    return notPlanned(failure);
  }
  return refusePlan(
    'dry_run_failed',
    `The cluster tried the change of ${subject} and refused it: ${failure.message} Nothing was ` +
      'changed. Remove what it names, or roll back through your pipeline.',
  );
}

/**
 * The facts that the server would store, or null when they are not those of the plan. A template
 * that it only fills in with its own defaults is the same one, under another hash.
 */
function factsAfter(
  { step, call }: { readonly step: PlanStep; readonly call: KubePatch },
  stored: JsonObject,
  digest: Scene['digest'],
): Facts | null {
  const facts = factsOf(stored, digest);
  const others = Object.entries(step.to).filter(([name, value]) => facts[name] !== value);
  if (others.length === 0) return step.to;
  const isTemplateOnly = others.every(([name]) => name === 'template');
  const sent = templateIn(call.body);
  if (!isTemplateOnly || sent === undefined || !isFilledIn(sent, templateOf(stored))) return null;
  return { ...step.to, template: facts['template'] ?? null };
}

/** The template that a JSON Patch puts in place. */
function templateIn(body: Json): Json | undefined {
  if (!Array.isArray(body)) return undefined;
  const operations = body as readonly Json[];
  const replaced = operations.find(
    (operation) =>
      at(operation, ['op']) === 'replace' && at(operation, ['path']) === '/spec/template',
  );
  return at(replaced, ['value']);
}

async function askForDeletion(
  cluster: Cluster,
  step: PlanStep,
): Promise<Result<Tried, PlanRefusal | PortFailure>> {
  if (step.call.kind !== 'kube-delete-pod') return ok({ step, unavailable: null });
  const { ref } = step.call;
  const allowed = await cluster.may({ verb: 'delete', ref, subresource: null });
  if (!allowed.ok) return notPlanned(allowed.error);
  if (allowed.value) return ok({ step, unavailable: null });
  return refusePlan(
    'forbidden',
    `${nameRef(ref)} is stuck and must be deleted, and Tocsin may not delete pods there: apply the ` +
      'optional role for it (deploy/kubernetes/), or delete the pod by hand after the rollback.',
  );
}

const withFacts = (step: PlanStep, made: Facts): PlanStep =>
  step.call.kind === 'kube-delete-pod'
    ? { ...step, from: { ...step.from, ...made }, to: { ...step.to, ...made } }
    : step;
