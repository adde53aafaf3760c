import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type {
  ConsoleSecret,
  Freshness,
  IntakeSecret,
  PagerDutySecret,
  Secrets,
  SlackSecret,
  TargetsSecret,
} from '../../ports/secrets.ts';
import type { Clock, Log } from '../../ports/system.ts';
import { cachedSecret } from './cached-secret.ts';
import { readVersions, type Versions } from './read-versions.ts';
import {
  readConsole,
  readIntake,
  readPagerDuty,
  readSlack,
  type ConsoleVersion,
  type Reading,
} from './shapes.ts';
import { readTargets } from './target-shapes.ts';

type SecretName = 'intake' | 'pagerduty' | 'console' | 'slack' | 'targets';

export interface SecretsDeps {
  readonly client: SecretsManagerClient;
  /** Name or ARN of each secret that this function may read. */
  readonly ids: { readonly [Name in SecretName]?: string | undefined };
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/**
 * Secrets from Secrets Manager, `AWSCURRENT` and `AWSPREVIOUS` together, cached as the port says.
 *
 * Failures: `rejected` (no id was given; the value has a wrong shape, or holds a credential that is
 * too weak or a sample: the message names the secret and the place in it, never a value),
 * `not_found`, `throttled`, `timeout`, `unavailable`.
 */
export function createSecrets(deps: SecretsDeps): Secrets {
  return {
    intake: cached(deps, { name: 'intake', shape: readIntake, join: joinIntake }),
    pagerduty: cached(deps, { name: 'pagerduty', shape: readPagerDuty, join: joinPagerDuty }),
    console: cached(deps, { name: 'console', shape: readConsole, join: joinConsole }),
    slack: cached(deps, { name: 'slack', shape: readSlack, join: joinSlack }),
    targets: cached(deps, { name: 'targets', shape: readTargets, join: onlyCurrent }),
  };
}

interface Spec<Version, Value> {
  readonly name: SecretName;
  readonly shape: (json: unknown) => Reading<Version>;
  readonly join: (versions: Versions<Version>) => Value;
}

function cached<Version, Value>(
  { client, ids, clock, log }: SecretsDeps,
  { name, shape, join }: Spec<Version, Value>,
): (freshness?: Freshness) => Promise<Result<Value, PortFailure>> {
  const id = ids[name];
  if (id === undefined || id === '') return () => Promise.resolve(err(notGiven(name)));
  const read = async (): Promise<Result<Value, PortFailure>> => {
    const versions = await readVersions({ id, client, log, shape });
    return versions.ok ? ok(join(versions.value)) : versions;
  };
  return cachedSecret({ id, read, clock, log });
}

const notGiven = (name: SecretName): PortFailure => ({
  kind: 'rejected',
  message:
    `This function was not given the ${name} secret. If it needs it, its environment must name ` +
    'it: the stack sets that, from the table of functions.',
});

const joinIntake = ({ current, previous }: Versions<IntakeSecret>): IntakeSecret => ({
  sources: joinLists(current.sources, previous?.sources ?? {}),
});

/** To send, only the current keys; to verify, both versions' secrets. */
const joinPagerDuty = ({ current, previous }: Versions<PagerDutySecret>): PagerDutySecret => ({
  ...current,
  webhookSecrets: joinLists(current.webhookSecrets, previous?.webhookSecrets ?? {}),
});

/** The newest key first. People are those of the current version: one who was removed is out. */
const joinConsole = ({ current, previous }: Versions<ConsoleVersion>): ConsoleSecret => ({
  signingKeys: unique([current.signingKey, ...(previous === null ? [] : [previous.signingKey])]),
  people: current.people,
});

/** It only ever sends: what was taken out of it must not act any more. */
const onlyCurrent = ({ current }: Versions<TargetsSecret>): TargetsSecret => current;

/** As for PagerDuty. A workspace that the current version no longer has is out. */
const joinSlack = ({ current, previous }: Versions<SlackSecret>): SlackSecret => ({
  workspaces: Object.fromEntries(
    Object.entries(current.workspaces).map(([tenant, workspace]) => {
      const before = Object.entries(previous?.workspaces ?? {}).find(([name]) => name === tenant);
      const older = before?.[1].signingSecrets ?? [];
      const signingSecrets = unique([...workspace.signingSecrets, ...older]);
      return [tenant, { ...workspace, signingSecrets }];
    }),
  ),
});

type Lists = Readonly<Record<string, readonly string[]>>;

function joinLists(current: Lists, previous: Lists): Lists {
  const names = unique([...Object.keys(current), ...Object.keys(previous)]);
  const of = (lists: Lists, name: string): readonly string[] =>
    Object.hasOwn(lists, name) ? (lists[name] ?? []) : [];
  return Object.fromEntries(
    names.map((name) => [name, unique([...of(current, name), ...of(previous, name)])]),
  );
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
