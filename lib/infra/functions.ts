import type { Permission } from './permissions.ts';

/** The functions, one folder each under `functions/`. */
export const FUNCTION_NAMES = [
  'ingest',
  'pagerduty',
  'api',
  'page',
  'relay',
  'clock',
  'postmortem',
  'slack',
  'announce',
  'reconcile',
  'coverage',
  'act',
  'changes',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Outside addresses, each a variable of the functions that call them. */
export type OutsideAddress = 'pagerdutyEvents' | 'pagerdutyApi' | 'slackApi' | 'console';

/** One function: its size, its patience, and the only things it may do. */
export interface FunctionSpec {
  readonly description: string;
  /** Processor share grows with memory: 1,769 MB is one whole core. */
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly permissions: readonly Permission[];
  readonly addresses: readonly OutsideAddress[];
  /** Runs in the operator's network, where one is given, to reach private endpoints. */
  readonly isInNetwork?: boolean;
}

/** What opening an incident takes: some open those of Tocsin itself, or of people. */
const OPEN_INCIDENTS = [
  'table:read',
  'incidents:write',
  'deliveries:write',
  'objects:raw',
] as const satisfies readonly Permission[];

/** Every function, in one table. Its role and its variables follow from it and hold nothing else. */
export const FUNCTIONS: Readonly<Record<FunctionName, FunctionSpec>> = {
  ingest: {
    description: 'Takes deliveries of alert sources, decides, commits, pages at once',
    memoryMb: 1024,
    timeoutS: 10,
    permissions: [
      ...OPEN_INCIDENTS,
      'counters:add',
      'secret:intake',
      'secret:pagerduty',
      'secret:console',
    ],
    addresses: ['pagerdutyEvents', 'console'],
  },
  pagerduty: {
    description: 'Takes the signed webhooks of PagerDuty and applies them',
    memoryMb: 512,
    // PagerDuty gives a webhook up after 5 s; answering later than that helps nobody.
    timeoutS: 5,
    permissions: [...OPEN_INCIDENTS, 'secret:pagerduty'],
    addresses: ['pagerdutyApi'],
  },
  api: {
    description: 'Serves the console and the HTTP API for people and programs',
    memoryMb: 512,
    // The coverage asks PagerDuty many things; API Gateway gives up after 30 s.
    timeoutS: 29,
    permissions: [
      'table:read',
      'table:list',
      'incidents:write',
      'actions:write',
      'secret:console',
      // The coverage of the coming week is read where the shifts and the channels are.
      'secret:pagerduty',
      'secret:slack',
    ],
    addresses: ['pagerdutyApi', 'slackApi', 'console'],
  },
  page: {
    description: 'Sends every page of the outbox that is not yet marked as sent',
    memoryMb: 512,
    timeoutS: 60,
    permissions: [
      'table:read',
      'incidents:write',
      'counters:add',
      'stream:read',
      'fallback:publish',
      'secret:pagerduty',
      'secret:console',
    ],
    addresses: ['pagerdutyEvents', 'pagerdutyApi', 'console'],
  },
  relay: {
    description: 'Puts every domain event on the bus',
    memoryMb: 256,
    timeoutS: 30,
    permissions: ['stream:read', 'bus:publish'],
    addresses: [],
  },
  clock: {
    description: 'Fires due timers at their instant and sends what the stream missed',
    memoryMb: 512,
    // Looks one minute ahead and waits for each instant, so it runs for about 75 s.
    timeoutS: 120,
    permissions: [
      // One summary page of those that the rate holds back is an incident of its own.
      ...OPEN_INCIDENTS,
      'counters:add',
      'fallback:publish',
      'secret:pagerduty',
      'secret:console',
    ],
    addresses: ['pagerdutyEvents', 'pagerdutyApi', 'console'],
  },
  postmortem: {
    description: 'Writes the post-mortem of a resolved incident',
    memoryMb: 512,
    timeoutS: 60,
    permissions: ['table:read', 'objects:postmortem'],
    addresses: ['console'],
  },
  slack: {
    description: 'Takes the signed commands, clicks and forms of Slack and carries them out',
    // Slack shows an error after 3 s, the cold start included; memory buys processor time for it.
    memoryMb: 1024,
    timeoutS: 5,
    permissions: [
      ...OPEN_INCIDENTS,
      'table:list',
      // Asks for actions, approves and halts them; what opens a target it does not have.
      'actions:write',
      'secret:slack',
      'secret:pagerduty',
      'secret:console',
    ],
    addresses: ['slackApi', 'pagerdutyApi', 'console'],
  },
  announce: {
    description: 'Keeps the messages and channels of Slack as the incidents are',
    memoryMb: 512,
    // Slack takes one message a second in each channel, and a storm has many.
    timeoutS: 120,
    permissions: [
      ...OPEN_INCIDENTS,
      'table:list',
      'chats:write',
      'stream:read',
      'secret:slack',
      // Whoever is on call is told by name.
      'secret:pagerduty',
      'secret:console',
    ],
    addresses: ['slackApi', 'pagerdutyApi', 'console'],
  },
  reconcile: {
    description: 'Compares open incidents with those of PagerDuty and heals both sides',
    memoryMb: 512,
    timeoutS: 120,
    permissions: [...OPEN_INCIDENTS, 'table:list', 'secret:pagerduty'],
    addresses: ['pagerdutyApi'],
  },
  coverage: {
    description: 'Proves that each route of the coming week ends at a person who can be reached',
    memoryMb: 512,
    timeoutS: 120,
    permissions: [...OPEN_INCIDENTS, 'secret:pagerduty', 'secret:slack'],
    addresses: ['pagerdutyApi', 'slackApi'],
  },
  act: {
    description: 'Plans actions, carries them out and proves them; alone has what opens a target',
    memoryMb: 512,
    // One look a minute ahead, as the clock, and calls to clusters that take up to 40 s each.
    timeoutS: 120,
    permissions: [
      'table:read',
      'table:list',
      'incidents:write',
      'actions:write',
      'secret:targets',
      'clusters:enter',
    ],
    addresses: [],
    isInNetwork: true,
  },
  changes: {
    description: 'Takes what was changed, from deployment tools and Git hosts',
    memoryMb: 512,
    timeoutS: 10,
    permissions: [...OPEN_INCIDENTS, 'table:list', 'changes:write', 'secret:intake'],
    addresses: [],
  },
};
