import type { Result } from '../domain/shared/result.ts';
import type { PortFailure } from './failure.ts';

/** Credentials by which sources prove themselves: each list holds those valid now. */
export interface IntakeSecret {
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

export interface PagerDutySecret {
  readonly routingKeys: Readonly<Record<string, string>>;
  /** REST API token and acting user; null when not configured. */
  readonly apiToken: string | null;
  readonly apiFrom: string | null;
  readonly webhookSecrets: Readonly<Record<string, readonly string[]>>;
}

export interface ConsoleSecret {
  /** Valid keys, the newest first: the first signs, all verify. */
  readonly signingKeys: readonly string[];
  /** Where there is no IAM (one machine): tokens of named people. */
  readonly people: Readonly<Record<string, string>>;
}

/** What opens one tenant's Slack workspace. */
export interface SlackWorkspaceSecret {
  /** By which Slack signs what it sends us: each that is valid now. */
  readonly signingSecrets: readonly string[];
  /** By which we call Slack. */
  readonly botToken: string;
}

export interface SlackSecret {
  /** By tenant. */
  readonly workspaces: Readonly<Record<string, SlackWorkspaceSecret>>;
}

/** What opens a cluster. Never an `exec` stanza: that would be code from a secret. */
export interface ClusterSecret {
  /** https address. Null for EKS, which tells it. */
  readonly server: string | null;
  /** Base64 of PEM; null: public authorities. */
  readonly caData: string | null;
  readonly token: string | null;
  /** Base64 of PEM, both or none. */
  readonly clientCertData: string | null;
  readonly clientKeyData: string | null;
  readonly tlsServerName: string | null;
}

/** What can act on targets, and read what tells whether they work. Ids are those of the policy. */
export interface TargetsSecret {
  readonly tenants: Readonly<Record<string, TenantTargetsSecret>>;
}

export interface TenantTargetsSecret {
  readonly clusters: Readonly<Record<string, ClusterSecret>>;
  /** API tokens. */
  readonly argocd: Readonly<Record<string, string>>;
  readonly gitHosts: Readonly<Record<string, string>>;
  /** `Authorization` header values, by host name, for Prometheus, Alertmanager and health checks. */
  readonly signals: Readonly<Record<string, string>>;
}

/**
 * `fresh` asks the secret store again, for the caller to whom a cached value was just refused:
 * somebody may have rotated it. It is bounded, so that a value that stays wrong costs no storm.
 */
export type Freshness = 'cached' | 'fresh';

/**
 * For verifying, the lists hold what the current and the previous version of the secret allow;
 * for sending, only the current. Cached for at most five minutes; a stale value is served when
 * the secret store is down, and `unavailable` only when there never was one.
 */
export interface Secrets {
  readonly intake: () => Promise<Result<IntakeSecret, PortFailure>>;
  readonly pagerduty: (freshness?: Freshness) => Promise<Result<PagerDutySecret, PortFailure>>;
  readonly console: () => Promise<Result<ConsoleSecret, PortFailure>>;
  readonly slack: (freshness?: Freshness) => Promise<Result<SlackSecret, PortFailure>>;
  /** Only functions that face no network may be wired to it. */
  readonly targets: (freshness?: Freshness) => Promise<Result<TargetsSecret, PortFailure>>;
}
