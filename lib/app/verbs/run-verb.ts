import type { Incident } from '../../domain/incident/state.ts';
import { ok } from '../../domain/shared/result.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { stampOf } from '../../domain/verbs/stamp.ts';
import { failed, refused, usedBefore } from './answers.ts';
import type { Ask } from './ask.ts';
import type { Found } from './find-incident.ts';
import { mayUse, rightTo } from './rights.ts';
import { deliveryOf, useUp, wasUsed, type SignedRequest } from './single-use.ts';
import { subjectOf } from './subject-of.ts';
import type { Fields, VerbCall, VerbDeps } from './verb.ts';

/**
 * Does what a person asks for, once: whether they may, which incident it is, whether the request
 * was used before, whether the button still says what would happen. Leaves one line in the log,
 * whatever the outcome. A change is committed, together with the request, before this returns.
 */
export async function runVerb(deps: VerbDeps, ask: Ask): Promise<VerbReply> {
  const reply = await answer(deps, ask);
  const { tenant, by, verb, requestId, drawn } = ask;
  const asked = {
    who: by.id,
    via: by.via,
    tenant: tenant.id,
    verb: verb.name,
    incident: incidentOf(reply)?.id ?? drawn?.incidentId ?? null,
    policyVersion: deps.policy.version,
    requestId,
    outcome: reply.kind,
  };
  if (reply.kind === 'failed') {
    deps.log.error('A request of a person was not carried out.', { ...asked, why: reply.why });
  } else {
    const why = reply.kind === 'refused' ? { why: reply.text } : {};
    deps.log.info('A person asked for something.', { ...asked, ...why });
  }
  return reply;
}

function incidentOf(reply: VerbReply): Incident | null {
  switch (reply.kind) {
    case 'done':
    case 'refused':
    case 'card':
      return reply.incident;
    case 'form':
      return reply.form.incident;
    case 'failed':
    case 'lines':
    case 'invalid':
      return null;
  }
}

async function answer(deps: VerbDeps, ask: Ask): Promise<VerbReply> {
  const { verb, person, by, tenant, seal } = ask;
  const right = rightTo(verb, ask);
  const forbidden = mayUse(person, verb, right);
  if (forbidden !== null) return refused(forbidden);
  const record = { who: by.id, verb: verb.name, args: ask.args, requestId: ask.requestId };
  const request: SignedRequest = { tenant: tenant.id, by, seal, record };
  // Both are readings, so that the usual case waits for one reading and one write.
  const [used, found] = await Promise.all([
    right === 'read' ? ok(false) : wasUsed(deps, request),
    subjectOf(deps, ask),
  ]);
  if (!used.ok) return failed(used.error);
  if (used.value) return usedBefore;
  if (!found.ok) return failed(found.error);
  const call = (on: Meant | null): VerbCall => callOf(deps, ask, { found: on, request });
  const reply =
    found.value?.kind === 'unclear'
      ? askBack(call(null), ask, found.value)
      : await run(call(found.value), ask);
  return settle(deps, request, { reply, isChange: right !== 'read' });
}

type Meant = Extract<Found, { readonly kind: 'found' }>;
type Unclear = Extract<Found, { readonly kind: 'unclear' }>;

/** Somebody who points at a message can choose; whoever types can type an id. */
function askBack(call: VerbCall, { verb, message }: Ask, { text, candidates }: Unclear): VerbReply {
  const canChoose = verb.subject === 'incident' && message !== null && candidates.length > 0;
  return (canChoose ? verb.askWhich?.(call, candidates) : undefined) ?? refused(text);
}

function callOf(
  deps: VerbDeps,
  ask: Ask,
  on: { readonly found: Meant | null; readonly request: SignedRequest },
): VerbCall {
  const { tenant, person, by, verb, occurredAtMs, message, requestId, seal } = ask;
  const { found, request } = on;
  return {
    deps,
    tenant,
    person,
    by,
    args: (found?.rest ?? ask.args).trim(),
    incident: found?.incident ?? null,
    isDrawn: ask.drawn !== null,
    occurredAtMs,
    message,
    requestId,
    seal,
    delivery: (incidentId) =>
      deliveryOf(deps, request, { kind: 'attached', incidentIds: [incidentId], reason: verb.name }),
    useUp: () => useUp(deps, request, null),
  };
}

async function run(call: VerbCall, { verb, drawn, fields }: Ask): Promise<VerbReply> {
  if (verb.subject !== 'incident') return runOrSubmit(verb, call, fields);
  const { incident } = call;
  if (incident === null) return refused(`Say which incident: \`${verb.name} <id>\`.`);
  if (verb.heedsStamp && drawn !== null && drawn.stamp !== stampOf(incident)) {
    const lead = 'Nothing was done: it has changed since. This is how it stands now.';
    return { kind: 'card', lead, incident };
  }
  return runOrSubmit(verb, { ...call, incident }, fields);
}

function runOrSubmit<Call extends VerbCall>(
  verb: {
    readonly run: (call: Call) => Promise<VerbReply>;
    readonly form?: { readonly submit: (call: Call, fields: Fields) => Promise<VerbReply> };
  },
  call: Call,
  fields: Ask['fields'],
): Promise<VerbReply> {
  return fields !== null && verb.form ? verb.form.submit(call, fields) : verb.run(call);
}

/** Uses the request up where its own transaction has not: then it cannot be sent a second time. */
async function settle(
  deps: VerbDeps,
  request: SignedRequest,
  { reply, isChange }: { readonly reply: VerbReply; readonly isChange: boolean },
): Promise<VerbReply> {
  if (reply.kind === 'done' || reply.kind === 'failed') return reply;
  const used = await useUp(deps, request, isChange ? refusalIn(reply) : null);
  if (!used.ok) return failed(used.error);
  return used.value ? reply : usedBefore;
}

/** What may be possible when the same is asked for later: a refusal, and a button out of date. */
function refusalIn(reply: VerbReply): Parameters<typeof useUp>[2] {
  return reply.kind === 'refused' || reply.kind === 'card'
    ? { incidentId: reply.incident?.id ?? null, reason: reply.kind }
    : null;
}
