import type { Directory, DirectoryPerson, DirectoryService } from './directory.ts';
import { DEFAULT_POLICY } from './incident.ts';
import { isoSeconds, type References } from './references.ts';
import { stableId } from './sandbox-ids.ts';
import type { ContactKind } from './settings.ts';
import type { SubscriptionStatus } from './webhooks.ts';

/** A service; with its integrations where they are asked for. */
export function restService(
  { name, routingKey, isEnabled }: DirectoryService,
  {
    references,
    hasIntegrations,
  }: { readonly references: References; readonly hasIntegrations: boolean },
): object {
  const service = references.service(name);
  return {
    ...service,
    type: 'service',
    name,
    status: isEnabled ? 'active' : 'disabled',
    escalation_policy: references.policy(DEFAULT_POLICY),
    teams: [],
    ...(hasIntegrations && {
      integrations: [
        {
          type: 'events_api_v2_inbound_integration',
          summary: 'Events API V2',
          integration_key: routingKey,
        },
      ],
    }),
  };
}

/** How a person is reached: every contact method has a rule to use it at once. */
export function restContacts({ id, contacts = DEFAULT_CONTACTS }: DirectoryPerson): object {
  const methods = contacts.map((kind) => ({
    id: stableId('P', `${id} ${kind}`),
    type: `${kind}_contact_method`,
    summary: kind,
  }));
  return {
    contact_methods: methods,
    notification_rules: methods.map(({ id: methodId, type }) => ({
      id: stableId('P', `rule ${methodId}`),
      type: 'assignment_notification_rule',
      start_delay_in_minutes: 0,
      urgency: 'high',
      contact_method: { id: methodId, type },
    })),
  };
}

const DEFAULT_CONTACTS: readonly ContactKind[] = ['email', 'phone', 'push_notification'];

/** Everybody who is on call at some time of a span, by shift. */
export function restOnCalls(
  directory: Directory,
  {
    references,
    sinceMs,
    untilMs,
  }: { readonly references: References; readonly sinceMs: number; readonly untilMs: number },
): readonly object[] {
  return directory.shifts
    .filter(
      ({ fromMs, untilMs: endMs }) =>
        (fromMs ?? -Infinity) <= untilMs && (endMs ?? Infinity) > sinceMs,
    )
    .map(({ email, level, fromMs, untilMs: endMs }) => ({
      escalation_policy: references.policy(DEFAULT_POLICY),
      escalation_level: level,
      schedule: fromMs === undefined && endMs === undefined ? null : references.schedule(level),
      user: references.user(directory.findPerson(email)?.id ?? email),
      start: isoSeconds(fromMs ?? null),
      end: isoSeconds(endMs ?? null),
    }));
}

export function restUser(person: DirectoryPerson, references: References): object {
  return {
    ...references.user(person.id),
    type: 'user',
    name: person.name,
    email: person.email,
    role: 'user',
    time_zone: 'Etc/UTC',
  };
}

/** A subscription as REST shows it; `temporarily_disabled` is what three dropped deliveries do. */
export function restSubscription({ id, url, disabledUntilMs }: SubscriptionStatus): object {
  return {
    id,
    type: 'webhook_subscription',
    active: true,
    delivery_method: {
      type: 'http_delivery_method',
      url,
      temporarily_disabled: disabledUntilMs !== null,
      custom_headers: [],
    },
    filter: { type: 'account_reference' },
    description: 'Tocsin',
  };
}
