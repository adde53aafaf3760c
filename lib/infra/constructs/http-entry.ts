import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
  type HttpRoute,
  type IAccessLogSettings,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../functions.ts';
import { logRetention } from '../retention.ts';
import { ROUTES, type Authenticator, type Route } from '../routes.ts';
import type { StageSettings } from '../stage.ts';

/**
 * Access log, one JSON line per request. It names the route, not the address that was called:
 * a token may stand in a query string, and a signed link is a credential. No header is logged.
 */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  latencyMs: '$context.responseLatency',
  functionLatencyMs: '$context.integrationLatency',
  responseBytes: '$context.responseLength',
  error: '$context.error.message',
  functionError: '$context.integrationErrorMessage',
} as const;

/** Why a route has no authoriser of API Gateway: somebody else checks, or there is nothing to. */
const CHECKED_ELSEWHERE: Readonly<Record<Exclude<Authenticator, 'iam'>, string>> = {
  source_credential:
    'Alert sources cannot sign for IAM: ingest checks the bearer or basic credential, in constant ' +
    'time, before it reads the body.',
  pagerduty_signature:
    'PagerDuty signs the raw bytes, which no authoriser of an HTTP API sees: the function checks.',
  slack_signature:
    'Slack signs the raw bytes with the time, which no authoriser of an HTTP API sees: the function ' +
    'checks both.',
  signed_link:
    'A person follows an expiring signed link, whose signature covers path and query: the function ' +
    'checks it.',
  open: 'Tells everybody only that the service answers.',
};

/** The HTTP API: the routes of the route table, payload format 2.0, and nothing else. */
export class HttpEntry extends Construct {
  /** Address of the API, without a slash at the end. */
  readonly url: string;
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Tocsin: alert sources, PagerDuty, console and people',
      createDefaultStage: false,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: {
        rateLimit: settings.throttle.ratePerSecond,
        burstLimit: settings.throttle.burst,
      },
      detailedMetricsEnabled: true,
      accessLogSettings: this.#createAccessLog(settings),
    });
    this.url = this.api.apiEndpoint;
  }

  /** Adds every route of the route table. Separate, since functions know the API's address. */
  connect(functions: Readonly<Record<FunctionName, IFunction>>): void {
    for (const target of new Set(ROUTES.map((route) => route.target))) {
      const integration = new HttpLambdaIntegration(target, functions[target]);
      const routes = ROUTES.filter((route) => route.target === target);
      for (const route of routes) this.#addRoute(route, integration);
    }
  }

  #addRoute(route: Route, integration: HttpLambdaIntegration): void {
    const added = this.api.addRoutes({
      path: route.path,
      methods: [HttpMethod[route.method]],
      integration,
      authorizer: authorizerOf(route),
    });
    const { authenticator } = route;
    if (authenticator !== 'iam') acknowledge(added, CHECKED_ELSEWHERE[authenticator]);
  }

  #createAccessLog(settings: StageSettings): IAccessLogSettings {
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: logRetention(settings.logRetentionDays),
      removalPolicy: settings.retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    return {
      destination: new LogGroupLogDestination(logGroup),
      format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
    };
  }
}

function authorizerOf(route: Route): IHttpRouteAuthorizer {
  return route.authenticator === 'iam' ? new HttpIamAuthorizer() : new HttpNoneAuthorizer();
}

function acknowledge(routes: readonly HttpRoute[], reason: string): void {
  for (const route of routes) {
    Validations.of(route).acknowledge({ id: 'AwsSolutions::AwsSolutions-APIG4', reason });
  }
}
