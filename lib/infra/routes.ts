import type { FunctionName } from './functions.ts';

/**
 * Who proves what on a route. Each has one place that checks it:
 *
 * - `source_credential`: credential of an alert source, checked by ingest, or credential or
 *   signature of a change feed, checked by the changes function.
 * - `pagerduty_signature`: v3 signature over the raw bytes, checked by the pagerduty function.
 * - `slack_signature`: v0 signature over the raw bytes and an age, checked by the slack function.
 * - `iam`: SigV4, checked by API Gateway before the function is called.
 * - `signed_link`: expiring signature in the link, checked by the api function.
 * - `open`: answers everybody the same, and nothing but that the service is up.
 */
export type Authenticator =
  'source_credential' | 'pagerduty_signature' | 'slack_signature' | 'iam' | 'signed_link' | 'open';

/** One route of the HTTP API. A route without an authenticator cannot be written down. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly target: FunctionName;
  readonly authenticator: Authenticator;
}

/** Every route there is. API Gateway answers 404 to all others. */
export const ROUTES: readonly Route[] = [
  ...post('ingest', 'source_credential', [
    '/v1/alerts/alertmanager',
    '/v1/alerts/cloud-monitoring',
  ]),
  ...post('changes', 'source_credential', [
    '/v1/changes',
    '/v1/changes/github',
    '/v1/changes/gitlab',
    '/v1/changes/argocd',
  ]),
  ...post('pagerduty', 'pagerduty_signature', ['/v1/pagerduty/webhook']),
  ...post('slack', 'slack_signature', ['/v1/slack/commands', '/v1/slack/interactions']),
  ...get('api', 'open', ['/healthz']),
  ...get('api', 'signed_link', ['/', '/incidents/{id}', '/actions']),
  ...get('api', 'iam', [
    '/v1/incidents',
    '/v1/incidents/{id}',
    '/v1/incidents/{id}/timeline',
    '/v1/incidents/{id}/postmortem',
    '/v1/coverage',
    '/v1/actions',
    '/v1/actions/score',
    '/v1/actions/{id}',
    '/v1/targets',
    '/v1/halt',
  ]),
  ...post('api', 'iam', [
    '/v1/incidents/{id}/acknowledge',
    '/v1/incidents/{id}/resolve',
    '/v1/incidents/{id}/actions',
    '/v1/incidents/{id}/steps',
    '/v1/actions/{id}/approve',
    '/v1/actions/{id}/deny',
    '/v1/targets/{id}/lock',
    '/v1/targets/{id}/unlock',
    '/v1/halt',
  ]),
];

type Paths = readonly string[];

function get(target: FunctionName, authenticator: Authenticator, paths: Paths): Route[] {
  return paths.map((path) => ({ method: 'GET', path, target, authenticator }));
}

function post(target: FunctionName, authenticator: Authenticator, paths: Paths): Route[] {
  return paths.map((path) => ({ method: 'POST', path, target, authenticator }));
}
