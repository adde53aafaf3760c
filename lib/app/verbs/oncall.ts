import { bold, text, time, type Phrase } from '../../domain/announce/phrase.ts';
import type { ServicePolicy } from '../../domain/policy/policy.ts';
import { seconds } from '../../domain/shared/time.ts';
import { canonicalJson } from '../../domain/shared/json.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { OnCall } from '../../ports/pager.ts';
import { onCallNow } from '../on-call.ts';
import { refused } from './answers.ts';
import type { GeneralVerb, VerbCall } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** Who is called when it breaks. */
export const oncall: GeneralVerb = {
  name: 'oncall',
  aliases: ['oc', 'who'],
  usage: '[service]',
  summary: 'Who is on call',
  right: 'read',
  subject: 'perhaps',
  run: async (call) => {
    const services = servicesMeant(call);
    if (typeof services === 'string') return refused(services);
    const asked = services.slice(0, mostServices);
    const told = await Promise.all(asked.map((service) => turnsOf(call, service)));
    const left = services.length - asked.length;
    const more = left > 0 ? [[text(`${left} more services: name one.`)]] : [];
    return { kind: 'lines', title: 'On call now', lines: [...together(told), ...more] };
  },
};

/** Who is called for one service, or why that is not known. */
interface Turns {
  readonly service: string;
  readonly lines: readonly Phrase[];
}

/** Services with the same people share their lines. */
function together(turns: readonly Turns[]): readonly Phrase[] {
  const groups = new Map<string, readonly Turns[]>();
  for (const one of turns) {
    const same = canonicalJson(one.lines);
    groups.set(same, [...(groups.get(same) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => [
    [bold(group.map(({ service }) => service).join(', '))],
    ...(group[0]?.lines ?? []),
  ]);
}

/** Slack waits for three seconds in all. */
const patienceMs = seconds(1.5);
/** Each is a request or two to PagerDuty. */
const mostServices = 5;

/** The service that is named; that of the incident; else all. Or the sentence that asks for one. */
function servicesMeant({ args, tenant, incident }: VerbCall): readonly ServicePolicy[] | string {
  const { services } = tenant;
  const { word } = firstWord(args);
  const ids = services.map(({ id }) => id).join(', ');
  if (services.length === 0) return 'The policy names no service.';
  if (word === '') {
    const own = services.filter(({ id }) => id === incident?.service);
    return own.length > 0 ? own : services;
  }
  const named = services.filter(({ id, name }) =>
    [id, name].some((each) => each.toLowerCase() === args.trim().toLowerCase()),
  );
  return named.length > 0 ? named : `There is no service ${quoted(args)}. There are: ${ids}.`;
}

async function turnsOf({ deps, tenant }: VerbCall, service: ServicePolicy): Promise<Turns> {
  const { pagerdutyServiceId, routingKey } = service;
  const route = { pagerdutyServiceId, routingKey: routingKey ?? tenant.paging.defaultRoutingKey };
  const turns = await onCallNow(deps, route, patienceMs);
  return {
    service: service.name,
    lines: turns.ok ? turnLines(turns.value) : [[text(whyNot(turns.error))]],
  };
}

const turnLines = (turns: readonly OnCall[]): readonly Phrase[] =>
  turns.length === 0
    ? [[text('Nobody is on call!')]]
    : turns.toSorted((a, b) => a.level - b.level).map(turnLine);

function whyNot({ kind }: PortFailure): string {
  switch (kind) {
    case 'timeout':
    case 'unavailable':
    case 'throttled':
      return 'PagerDuty does not answer just now.';
    case 'conflict':
    case 'not_found':
    case 'rejected':
    case 'too_large':
      return 'PagerDuty does not tell: see its service and our API token.';
  }
}

const turnLine = ({ level, user, schedule, untilMs }: OnCall): Phrase => [
  text(`${level}. ${user.name}${schedule === null ? '' : ` (${schedule})`}`),
  ...(untilMs === null ? [] : [text(' until '), time(untilMs)]),
];
