import type { Node } from 'constructs';
import { parseStageName, type StageName } from './stage.ts';

/**
 * What an operator passes with `-c name=value`. Lists are comma-separated, and an absent value
 * means none, or the default that is named here.
 */
export interface DeploymentContext {
  readonly stage: StageName;
  /** `alarmEmail`: who is told when Tocsin itself is in trouble. */
  readonly alarmEmails: readonly string[];
  /** `fallbackEmail`: who is paged when PagerDuty cannot be reached. */
  readonly fallbackEmails: readonly string[];
  /** `fallbackPhone`: the same by text message, in international form (+15551234567). */
  readonly fallbackPhones: readonly string[];
  /** `pagerdutyEventsUrl`, default https://events.pagerduty.com. */
  readonly pagerdutyEventsUrl: string;
  /** `pagerdutyApiUrl`, default https://api.pagerduty.com. */
  readonly pagerdutyApiUrl: string;
  /** `slackApiUrl`, default https://slack.com/api. */
  readonly slackApiUrl: string;
  /** `eksCluster`: ARNs of the EKS clusters that actions may look up. */
  readonly eksClusterArns: readonly string[];
  /** `targetRole`: ARNs of roles that are assumed to act on a cluster. */
  readonly targetRoleArns: readonly string[];
  /** `subnet` and `securityGroup`: where the function that acts runs, to reach private endpoints. */
  readonly network: PrivateNetwork | null;
  /** `consoleUrl`: your own domain in front of the HTTP API; without it, the API's address. */
  readonly consoleUrl: string | null;
}

/** Where in a VPC a function runs. Both lists have entries. */
export interface PrivateNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** Reads and checks the context of an app. Throws an error made for the operator to read. */
export function readContext(node: Node): DeploymentContext {
  const text = (key: string): string | undefined => readText(node, key);
  return {
    stage: parseStageName(node.tryGetContext('stage')),
    alarmEmails: readList('alarmEmail', text('alarmEmail'), EMAIL),
    fallbackEmails: readList('fallbackEmail', text('fallbackEmail'), EMAIL),
    fallbackPhones: readList('fallbackPhone', text('fallbackPhone'), PHONE),
    pagerdutyEventsUrl:
      readUrl('pagerdutyEventsUrl', text('pagerdutyEventsUrl')) ?? 'https://events.pagerduty.com',
    pagerdutyApiUrl:
      readUrl('pagerdutyApiUrl', text('pagerdutyApiUrl')) ?? 'https://api.pagerduty.com',
    slackApiUrl: readUrl('slackApiUrl', text('slackApiUrl')) ?? 'https://slack.com/api',
    eksClusterArns: readList('eksCluster', text('eksCluster'), EKS_CLUSTER),
    targetRoleArns: readList('targetRole', text('targetRole'), ROLE),
    network: readNetwork(text),
    consoleUrl: readUrl('consoleUrl', text('consoleUrl')),
  };
}

interface Shape {
  readonly pattern: RegExp;
  readonly example: string;
}

const EMAIL: Shape = { pattern: /^[^\s@,]+@[^\s@,]+$/, example: 'oncall@example.com' };
/** E.164, the only form that Amazon SNS takes for text messages. */
const PHONE: Shape = { pattern: /^\+[1-9]\d{6,14}$/, example: '+15551234567' };
const EKS_CLUSTER: Shape = {
  pattern: /^arn:[\w-]+:eks:[\w-]+:\d{12}:cluster\/[\w-]+$/,
  example: 'arn:aws:eks:eu-west-1:111122223333:cluster/main',
};
const ROLE: Shape = {
  pattern: /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  example: 'arn:aws:iam::111122223333:role/tocsin-acts',
};
const SUBNET: Shape = { pattern: /^subnet-[0-9a-f]+$/, example: 'subnet-0123456789abcdef0' };
const SECURITY_GROUP: Shape = { pattern: /^sg-[0-9a-f]+$/, example: 'sg-0123456789abcdef0' };
const WEB_ADDRESS: Shape = { pattern: /^https?:\/\/[^\s/?#]+/, example: 'https://example.com' };

function readText(node: Node, key: string): string | undefined {
  const value: unknown = node.tryGetContext(key);
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw refused(key, JSON.stringify(value), 'a text');
}

function readList(key: string, value: string | undefined, shape: Shape): readonly string[] {
  const parts = (value ?? '').split(',').map((part) => part.trim());
  const given = parts.filter((part) => part !== '');
  const wrong = given.find((part) => !shape.pattern.test(part));
  if (wrong !== undefined) throw refused(key, wrong, `one like ${shape.example}`);
  return [...new Set(given)];
}

/** One without the other would be a function that Lambda does not create. */
function readNetwork(text: (key: string) => string | undefined): PrivateNetwork | null {
  const subnetIds = readList('subnet', text('subnet'), SUBNET);
  const securityGroupIds = readList('securityGroup', text('securityGroup'), SECURITY_GROUP);
  if (subnetIds.length === 0 && securityGroupIds.length === 0) return null;
  if (subnetIds.length === 0) throw refused('subnet', 'none', `one like ${SUBNET.example}`);
  if (securityGroupIds.length > 0) return { subnetIds, securityGroupIds };
  throw refused('securityGroup', 'none', `one like ${SECURITY_GROUP.example}`);
}

function readUrl(key: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const { pattern, example } = WEB_ADDRESS;
  if (!pattern.test(value)) throw refused(key, value, `one like ${example}`);
  return value.replace(/\/+$/, '');
}

function refused(key: string, received: string, allowed: string): Error {
  return new Error(
    `The context value ${key} is not usable: received ${received}, allowed is ${allowed}. ` +
      `Correct it in -c ${key}=... or in cdk.json.`,
  );
}
