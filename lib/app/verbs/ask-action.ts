import type { ActionRequest } from '../../domain/action/action.ts';
import { requestTitle } from '../../domain/action/summary.ts';
import type { ActionVerb } from '../../domain/action/verb.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import { verbsFor } from '../../domain/policy/target-verbs.ts';
import type { Choice, Form } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { requestAction } from '../actions/request-action.ts';
import { notTaken } from './action-answers.ts';
import { proseOf } from './find-person.ts';
import type { IncidentCall } from './verb.ts';

/** As many as a form's choice can hold. */
const mostChoices = 100;

/** What can be done to what, in the words of the form's choice. */
export interface Deed {
  readonly verb: ActionVerb;
  readonly target: TargetPolicy;
}

/** What can be done to the targets of the incident's services; to all, where it has none. */
export function deedsFor(
  { tenant, incident }: Pick<IncidentCall, 'tenant' | 'incident'>,
  verb: ActionVerb | null,
): readonly Deed[] {
  const all = tenant.actions.targets.flatMap((target) =>
    verbsFor(target)
      .filter((one) => verb === null || one === verb)
      .map((one) => ({ verb: one, target })),
  );
  const own = all.filter(({ target }) => isOf(target, incident));
  return own.length > 0 ? own : all;
}

/**
 * The one target of the incident's services that has the verb; null where there are none or
 * several. What belongs to another service is never meant by itself.
 */
export function onlyTarget(call: IncidentCall, verb: ActionVerb): TargetPolicy | null {
  const own = deedsFor(call, verb).filter(({ target }) => isOf(target, call.incident));
  const [only, ...others] = own;
  return only === undefined || others.length > 0 ? null : only.target;
}

const isOf = ({ service }: TargetPolicy, incident: Incident): boolean =>
  service !== null && (service === incident.service || incident.services.includes(service));

/** The form that asks what is not said yet. */
export const actionForm = (
  { incident }: IncidentCall,
  deeds: readonly Deed[],
  values: Readonly<Record<string, string>> = {},
): Form => ({
  name: 'action',
  incident,
  values: {
    ...(deeds.length === 1 ? { action: deeds.map(choiceOf)[0]?.value ?? '' } : {}),
    ...values,
  },
  choices: { action: deeds.slice(0, mostChoices).map(choiceOf) },
  occurredAtMs: null,
});

/** An id of a target has at most forty characters. */
const choiceOf = ({ verb, target }: Deed): Choice => ({
  value: `${verb} ${target.id}`,
  label: requestTitle({ verb, targetId: target.id, parameters: {}, reason: '' }),
});

/**
 * Writes down what is wanted, together with the request. The plan is made elsewhere, from what the
 * target is then: Slack waits for three seconds only, and nothing here can read a target.
 */
export async function askFor(
  call: IncidentCall,
  wanted: Omit<ActionRequest, 'targetId'> & { readonly target: TargetPolicy },
): Promise<VerbReply> {
  const { deps, tenant, person, by, incident, seal } = call;
  const { verb, target, parameters } = wanted;
  const reason = proseOf(wanted.reason, tenant.people) || `${by.name} judged it right`;
  const request: ActionRequest = { verb, targetId: target.id, parameters, reason };
  const asked = await requestAction(deps, {
    tenant: tenant.id,
    incidentId: incident.id,
    request,
    origin: { kind: 'person', by, personId: person.id },
    causeId: `${by.via} ${seal}`,
    delivery: call.delivery(incident.id),
  });
  if (!asked.ok) return notTaken(asked.error, incident);
  const text = `Asked for: ${requestTitle(request)}. The plan follows in the thread of ${incident.id} in a few seconds.`;
  return { kind: 'done', text, incident: asked.value.incident };
}
