import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ROUTES, type Authenticator } from '../../lib/infra/routes.ts';
import { resourcesOf, templateOf } from './stack-fixture.ts';

const template = templateOf('prod');

/** Route by route, who must prove what: the table of the security checklist, written out again. */
const EXPECTED: Readonly<Record<string, Authenticator>> = {
  'POST /v1/alerts/alertmanager': 'source_credential',
  'POST /v1/alerts/cloud-monitoring': 'source_credential',
  'POST /v1/changes': 'source_credential',
  'POST /v1/changes/github': 'source_credential',
  'POST /v1/changes/gitlab': 'source_credential',
  'POST /v1/changes/argocd': 'source_credential',
  'POST /v1/pagerduty/webhook': 'pagerduty_signature',
  'POST /v1/slack/commands': 'slack_signature',
  'POST /v1/slack/interactions': 'slack_signature',
  'GET /healthz': 'open',
  'GET /': 'signed_link',
  'GET /incidents/{id}': 'signed_link',
  'GET /actions': 'signed_link',
  'GET /v1/incidents': 'iam',
  'GET /v1/incidents/{id}': 'iam',
  'GET /v1/incidents/{id}/timeline': 'iam',
  'GET /v1/incidents/{id}/postmortem': 'iam',
  'GET /v1/coverage': 'iam',
  'GET /v1/actions': 'iam',
  'GET /v1/actions/score': 'iam',
  'GET /v1/actions/{id}': 'iam',
  'GET /v1/targets': 'iam',
  'GET /v1/halt': 'iam',
  'POST /v1/halt': 'iam',
  'POST /v1/actions/{id}/approve': 'iam',
  'POST /v1/actions/{id}/deny': 'iam',
  'POST /v1/incidents/{id}/actions': 'iam',
  'POST /v1/incidents/{id}/steps': 'iam',
  'POST /v1/targets/{id}/lock': 'iam',
  'POST /v1/targets/{id}/unlock': 'iam',
  'POST /v1/incidents/{id}/acknowledge': 'iam',
  'POST /v1/incidents/{id}/resolve': 'iam',
};

interface DeployedRoute {
  readonly key: string;
  readonly authorization: string;
}

function deployedRoutes(): readonly DeployedRoute[] {
  const routes = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route'));
  return routes.map(({ Properties }) => ({
    key: String(Properties['RouteKey']),
    authorization: String(Properties['AuthorizationType']),
  }));
}

describe('the HTTP API', () => {
  it('has no route without a known authenticator', () => {
    const declared = ROUTES.map((route) => [`${route.method} ${route.path}`, route.authenticator]);

    expect(Object.fromEntries(declared)).toEqual(EXPECTED);
    expect(
      deployedRoutes()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(Object.keys(EXPECTED).sort());
  });

  it('lets API Gateway check SigV4 on exactly the routes for people and programs', () => {
    for (const { key, authorization } of deployedRoutes()) {
      expect([key, authorization]).toEqual([key, EXPECTED[key] === 'iam' ? 'AWS_IAM' : 'NONE']);
    }
  });

  it('sends payload format 2.0 to one integration per function', () => {
    const integrations = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Integration'));

    expect(integrations).toHaveLength(5);
    for (const { Properties } of integrations) {
      expect(Properties['PayloadFormatVersion']).toBe('2.0');
    }
  });

  it('may call a function only through the routes that lead to it', () => {
    const permissions = Object.values(resourcesOf(template, 'AWS::Lambda::Permission'));
    const fromApi = permissions.filter(
      ({ Properties }) => Properties['Principal'] === 'apigateway.amazonaws.com',
    );

    expect(fromApi).toHaveLength(ROUTES.length);
    for (const { Properties } of fromApi) {
      const arn = JSON.stringify(Properties['SourceArn']);
      expect(ROUTES.some(({ path }) => arn.endsWith(`"/*/*${path}"]]}`))).toBe(true);
    }
  });

  it('logs the route and the outcome, and nothing that may hold a credential', () => {
    const [stage] = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'));
    const settings = JSON.stringify(stage?.Properties['AccessLogSettings']);

    expect(settings).toContain('$context.routeKey');
    // `path` too: it is only safe while no route carries a credential in its path.
    for (const leak of ['query', 'authorization', 'header', 'path', 'domainName', 'authorizer']) {
      expect(settings.toLowerCase()).not.toContain(leak.toLowerCase());
    }
  });

  it('throttles far above need, on the default stage without a name in the path', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: Match.objectLike({
        ThrottlingRateLimit: 10_000,
        ThrottlingBurstLimit: 5_000,
      }),
    });
  });

  it('has no other way in: no function URL and no public bucket or queue', () => {
    template.resourceCountIs('AWS::Lambda::Url', 0);
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });
});
