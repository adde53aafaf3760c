import { functionNameInArn } from './local-values.ts';
import { TemplateError, type RouteAuthorization, type RouteSpec } from './model.ts';
import type { RawResource, ResourceReader } from './resources.ts';

/** Every route of the template's HTTP API, with the function that its integration calls. */
export function readRoutes(reader: ResourceReader): readonly RouteSpec[] {
  assertOneDefaultStage(reader);
  const functions = new Map(
    reader
      .ofType('AWS::ApiGatewayV2::Integration')
      .map((resource) => [reader.identity(resource).ref, functionBehind(resource, reader)]),
  );
  return reader.ofType('AWS::ApiGatewayV2::Route').map((resource) => {
    const target = reader.text(resource, 'Target');
    const functionName = functions.get(target.replace(/^integrations\//, ''));
    if (functionName === undefined) {
      throw new TemplateError(
        `${resource.logicalId} has target ${target}, which is no integration.`,
      );
    }
    return {
      routeKey: reader.text(resource, 'RouteKey'),
      authorization: authorizationOf(resource, reader),
      functionName,
    };
  });
}

function functionBehind(resource: RawResource, reader: ResourceReader): string {
  const version = reader.optionalText(resource, 'PayloadFormatVersion');
  const type = reader.text(resource, 'IntegrationType');
  const uri = reader.text(resource, 'IntegrationUri');
  const functionName = functionNameInArn(uri);
  if (type !== 'AWS_PROXY' || version !== '2.0' || functionName === undefined) {
    throw new TemplateError(
      `${resource.logicalId} is ${type} with payload ${String(version)} to ${uri}; this runtime runs AWS_PROXY with payload 2.0 to a function.`,
    );
  }
  return functionName;
}

function authorizationOf(resource: RawResource, reader: ResourceReader): RouteAuthorization {
  const type = reader.optionalText(resource, 'AuthorizationType') ?? 'NONE';
  if (type === 'NONE' || type === 'AWS_IAM') return type;
  throw new TemplateError(
    `${resource.logicalId} has AuthorizationType ${type}; this runtime knows NONE and AWS_IAM.`,
  );
}

/** A named stage would put its name before every path, which nobody here expects. */
function assertOneDefaultStage(reader: ResourceReader): void {
  for (const stage of reader.ofType('AWS::ApiGatewayV2::Stage')) {
    const name = reader.text(stage, 'StageName');
    if (name !== '$default') {
      throw new TemplateError(
        `${stage.logicalId} is stage ${name}; this runtime runs $default only.`,
      );
    }
  }
  if (reader.ofType('AWS::ApiGatewayV2::Api').length > 1) {
    throw new TemplateError('The template has more than one HTTP API; this runtime runs one.');
  }
}
