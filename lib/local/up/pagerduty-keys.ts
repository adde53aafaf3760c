import type { Policy } from '../../domain/policy/policy.ts';
import { readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, parseJson } from '../shared/json.ts';
import { keptText } from './kept-text.ts';
import type { OutsidePagerDuty } from './pagerduty-choice.ts';
import { sandboxPeople } from './sandbox-people.ts';

/** Everything that Tocsin and PagerDuty prove themselves to each other with, as the secret holds it. */
export interface PagerDutyKeys {
  /** By the names that the policy uses. */
  readonly routingKeys: Readonly<Record<string, string>>;
  readonly apiToken?: string;
  readonly apiFrom?: string;
  /** By tenant. */
  readonly webhookSecrets: Readonly<Record<string, readonly string[]>>;
}

/** The keys of the sandbox: all there is of each. */
export interface SandboxKeys extends PagerDutyKeys {
  readonly apiToken: string;
  readonly apiFrom: string;
}

/**
 * The sandbox's keys, made at the first start and kept in the file (0600): the same from then on, and
 * more of them when the policy names more.
 */
export function keepSandboxKeys(path: string, policy: Policy): SandboxKeys {
  const stored = parseJson(readTextIfPresent(path) ?? '');
  const kept = isJsonObject(stored) ? stored : {};
  const keys: SandboxKeys = {
    routingKeys: Object.fromEntries(
      routingKeyNames(policy).map((name) => [name, keptText(kept, ['routingKeys', name])]),
    ),
    apiToken: keptText(kept, ['apiToken']),
    // The acting user of REST calls that change something.
    apiFrom: sandboxPeople(policy)[0].email,
    webhookSecrets: Object.fromEntries(
      policy.tenants.map(({ id }) => [id, [keptText(kept, ['webhookSecrets', id, '0'])]]),
    ),
  };
  writeFileAtomically(path, `${JSON.stringify(keys, undefined, 2)}\n`);
  return keys;
}

/**
 * The keys of an outside PagerDuty: one routing key under every name of the policy (generated ones
 * where none is given), and the webhook secrets for the first tenant, since a subscription's
 * signature is what names the tenant.
 */
export function outsideKeys(choice: OutsidePagerDuty, generated: SandboxKeys): PagerDutyKeys {
  const { routingKey, apiToken, apiFrom, webhookSecrets } = choice;
  const names = Object.entries(generated.routingKeys);
  const [tenant = ''] = Object.keys(generated.webhookSecrets);
  return {
    routingKeys: Object.fromEntries(names.map(([name, key]) => [name, routingKey ?? key])),
    ...(apiToken === null ? {} : { apiToken }),
    ...(apiFrom === null ? {} : { apiFrom }),
    webhookSecrets: webhookSecrets.length === 0 ? {} : { [tenant]: webhookSecrets },
  };
}

function routingKeyNames(policy: Policy): readonly string[] {
  const names = policy.tenants.flatMap(({ paging, services }) => [
    paging.defaultRoutingKey,
    ...services.flatMap(({ routingKey }) => routingKey ?? []),
  ]);
  return [...new Set(names)];
}
