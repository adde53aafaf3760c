import type { StormResult } from './poster.ts';

/** One alert of the bench: its mark is in its name, so the page that it makes can be told apart. */
export interface BenchAlert {
  readonly mark: string;
  /** Distinguishes alerts of one group. */
  readonly instance: string;
  readonly startedAtMs: number;
  readonly isResolved: boolean;
}

/** Something that takes alerts and pages: Tocsin, or Alertmanager with its own PagerDuty receiver. */
export interface Responder {
  readonly name: string;
  /** Posts one group of alerts; resolves when it was answered 2xx, and throws when it was not. */
  readonly post: (alerts: readonly BenchAlert[]) => Promise<void>;
  /** Posts every group, many in flight. */
  readonly storm: (groups: readonly (readonly BenchAlert[])[]) => Promise<StormResult>;
  readonly stop: () => Promise<void>;
}

/** The labels that both are sent, as many as usual. */
export const labelsOf = ({ mark, instance }: BenchAlert): Readonly<Record<string, string>> => ({
  alertname: mark,
  service: 'checkout',
  severity: 'critical',
  environment: 'production',
  namespace: 'shop',
  instance,
});

export const annotationsOf = ({ mark }: BenchAlert): Readonly<Record<string, string>> => ({
  summary: `${mark}: checkout has answered no request for two minutes`,
  description: 'More than 5 % of requests to checkout fail; customers cannot pay.',
  runbook_url: 'https://runbooks.example.com/checkout-down',
});

export const startsAtOf = ({ startedAtMs }: BenchAlert): string =>
  new Date(startedAtMs).toISOString();
