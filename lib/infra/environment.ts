import type { FunctionSpec, OutsideAddress } from './functions.ts';
import type { Permission, SharedResources } from './permissions.ts';

/** Addresses outside the stack, without a slash at the end. */
export type Addresses = Readonly<Record<OutsideAddress, string>>;

const ADDRESS_VARIABLES: Readonly<Record<OutsideAddress, string>> = {
  pagerdutyEvents: 'PAGERDUTY_EVENTS_URL',
  pagerdutyApi: 'PAGERDUTY_API_URL',
  slackApi: 'SLACK_API_URL',
  console: 'TOCSIN_CONSOLE_URL',
};

/** The variables of a function: the names of what it may use and the addresses it calls or prints. */
export function environmentOf(
  { permissions, addresses: used }: Pick<FunctionSpec, 'permissions' | 'addresses'>,
  around: { readonly resources: SharedResources; readonly addresses: Addresses },
): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...permissions.flatMap((one) => Object.entries(variablesOf(one, around.resources))),
    ...used.map((name) => [ADDRESS_VARIABLES[name], around.addresses[name]] as const),
  ]);
}

/** The variables that name what a permission is about. */
function variablesOf(permission: Permission, resources: SharedResources): Record<string, string> {
  switch (permission) {
    case 'table:read':
    case 'table:list':
    case 'incidents:write':
    case 'chats:write':
    case 'actions:write':
    case 'changes:write':
    case 'deliveries:write':
    case 'counters:add':
      return { TOCSIN_TABLE: resources.table.tableName };
    case 'stream:read':
    case 'clusters:enter':
      return {};
    case 'bus:publish':
      return { TOCSIN_BUS: resources.bus.eventBusName };
    case 'objects:raw':
    case 'objects:postmortem':
      return { TOCSIN_BUCKET: resources.bucket.bucketName };
    case 'secret:intake':
      return { TOCSIN_INTAKE_SECRET: resources.secrets.intake.secretArn };
    case 'secret:pagerduty':
      return { TOCSIN_PAGERDUTY_SECRET: resources.secrets.pagerduty.secretArn };
    case 'secret:console':
      return { TOCSIN_CONSOLE_SECRET: resources.secrets.console.secretArn };
    case 'secret:slack':
      return { TOCSIN_SLACK_SECRET: resources.secrets.slack.secretArn };
    case 'secret:targets':
      return { TOCSIN_TARGETS_SECRET: resources.secrets.targets.secretArn };
    case 'fallback:publish':
      return { TOCSIN_FALLBACK_TOPIC_ARN: resources.fallbackTopic.topicArn };
  }
}
