import type { StakeholderUpdate } from '../../domain/incident/coordination.ts';
import type { Choice } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { durationMs, minutes, type DurationMs } from '../../domain/shared/time.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import { refused } from './answers.ts';
import type { Fields, IncidentCall, IncidentVerb } from './verb.ts';
import { quoted } from './words.ts';

type Part = 'issue' | 'impact' | 'actions' | 'estimate';
const parts: readonly Part[] = ['issue', 'impact', 'actions', 'estimate'];

/** What stakeholders are told, and when they hear again. */
export const update: IncidentVerb = {
  name: 'update',
  aliases: ['u', 'up'],
  usage: '[issue: … impact: … actions: … estimate: … next: 30m]',
  summary: 'Tell stakeholders',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: true,
  heedsStamp: false,
  run: async (call) => {
    if (call.args === '') return updateForm(call);
    const { next = '', ...told } = partsOf(call.args);
    const span = readSpan(next);
    return span === 'unreadable' ? refused(spanProblem(next)) : publish(call, told, span);
  },
  form: { name: 'update', submit },
};

const nextChoices: readonly Choice[] = [15, 30, 60, 120, 240].map((count) => ({
  value: `${count}m`,
  label: count < 60 ? `in ${count} minutes` : `in ${count / 60} h`,
}));

/** Begins with what was told last: most of it still holds. */
function updateForm({ incident }: IncidentCall): VerbReply {
  const { latestUpdate } = incident;
  const values = latestUpdate === null ? { issue: incident.title } : textsOf(latestUpdate);
  const choices = { next: nextChoices };
  return { kind: 'form', form: { name: 'update', incident, values, choices, occurredAtMs: null } };
}

const textsOf = ({ issue, impact, actions, estimate }: StakeholderUpdate) => ({
  issue,
  impact,
  actions,
  estimate,
});

async function submit(call: IncidentCall, fields: Fields): Promise<VerbReply> {
  const next = fields['next'] ?? '';
  const span = readSpan(next);
  if (span === 'unreadable') return { kind: 'invalid', errors: { next: spanProblem(next) } };
  const told = Object.fromEntries(parts.map((part) => [part, fields[part] ?? '']));
  return parts.every((part) => told[part]?.trim() === '')
    ? { kind: 'invalid', errors: { issue: 'Say at least what the issue is.' } }
    : publish(call, told, span);
}

function publish(
  call: IncidentCall,
  told: Readonly<Partial<Record<Part, string>>>,
  nextInMs: DurationMs | null,
): Promise<VerbReply> {
  const { by, tenant } = call;
  const text = (part: Part): string => proseOf(told[part] ?? '', tenant.people);
  return carryOut(
    call,
    {
      kind: 'publish-update',
      by,
      issue: text('issue'),
      impact: text('impact'),
      actions: text('actions'),
      estimate: text('estimate'),
      nextInMs,
    },
    ({ id }) => `Stakeholders of ${id} are told.`,
  );
}

/** `issue: … impact: …` in any order; what stands before the first name is the issue. */
export function partsOf(text: string): Readonly<Partial<Record<Part | 'next', string>>> {
  const pieces = text.split(/(?:^|[\s;,]+)(issue|impact|actions?|estimate|eta|next)\s*[:=]\s*/i);
  const [before = '', ...named] = pieces;
  const told = new Map<string, string>();
  if (before.trim() !== '') told.set('issue', before.trim());
  for (let index = 0; index + 1 < named.length; index += 2) {
    const name = fullNames[named[index]?.toLowerCase() ?? ''] ?? 'issue';
    told.set(name, (named[index + 1] ?? '').replace(/[;,\s]+$/, ''));
  }
  return Object.fromEntries(told);
}

const fullNames: Readonly<Record<string, Part | 'next'>> = {
  issue: 'issue',
  impact: 'impact',
  action: 'actions',
  actions: 'actions',
  estimate: 'estimate',
  eta: 'estimate',
  next: 'next',
};

/** `30m`, `30 min`, `2h` or `90`, which are minutes; null for nothing. */
export function readSpan(text: string): DurationMs | null | 'unreadable' {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '') return null;
  const [, count, unit] = /^(?:in )?(\d{1,4}) ?(m|min|minutes?|h|hours?)?$/.exec(trimmed) ?? [];
  if (count === undefined) return 'unreadable';
  const isHours = unit?.startsWith('h') === true;
  return durationMs(Number(count) * (isHours ? minutes(60) : minutes(1)));
}

const spanProblem = (text: string): string =>
  `${quoted(text)} is no time for the next update: write 30m or 2h.`;
