import { bold, text, type Phrase } from '../../domain/announce/phrase.ts';
import type { Checklist, Incident } from '../../domain/incident/state.ts';
import { toIso } from '../../domain/shared/time.ts';
import type { Choice, FormPart } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { refused } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { mayUse } from './rights.ts';
import type { Fields, IncidentCall, IncidentVerb } from './verb.ts';
import { quoted } from './words.ts';

/** What people do by hand, step by step. */
export const steps: IncidentVerb = {
  name: 'steps',
  aliases: ['checklist', 'tick'],
  usage: '[runbook] [2 [undo]]',
  summary: 'The checklist; a number ticks it',
  right: (args) => (ticking.test(args) ? 'respond' : 'read'),
  subject: 'incident',
  among: 'open',
  isProse: true,
  heedsStamp: false,
  run: async (call) => (ticking.test(call.args) ? tickTyped(call, call.args) : show(call)),
  form: { name: 'steps', submit },
};

/** An id may come before it. */
const ticking = /(?:^|\s)(\d{1,3})(\s+undo)?\s*$/i;

function show(call: IncidentCall): VerbReply {
  const { incident, person } = call;
  const { checklists } = incident;
  if (checklists.length === 0) {
    return refused(`${incident.id} has no checklist: a runbook begins one.`, incident);
  }
  const open = checklists.flatMap(openSteps);
  const isReader = mayUse(person, steps, 'respond') !== null;
  return open.length === 0 || isReader
    ? { kind: 'lines', title: `Checklists of ${incident.id}`, lines: checklists.flatMap(linesOf) }
    : {
        kind: 'form',
        form: {
          name: 'steps',
          incident,
          values: { step: open[0]?.value ?? '' },
          choices: { step: open.slice(0, mostChoices) },
          occurredAtMs: null,
          parts: checklists.map(partOf),
        },
      };
}

/** As many as a form's choice can hold. */
const mostChoices = 100;

const openSteps = ({ runbookId, steps: all }: Checklist): readonly Choice[] =>
  all.flatMap(({ text: what, done }, index) =>
    done === null ? [{ value: `${runbookId} ${index + 1}`, label: `${index + 1}. ${what}` }] : [],
  );

const partOf = ({ title, willNot, steps: all }: Checklist): FormPart => ({
  name: title,
  lines: [...(willNot === '' ? [] : [willNot]), ...all.map(stepLine)],
});

const linesOf = (checklist: Checklist): readonly Phrase[] => {
  const { name, lines } = partOf(checklist);
  return [[bold(name)], ...lines.map((line): Phrase => [text(line)])];
};

const stepLine = ({ text: what, done }: Checklist['steps'][number], index: number): string =>
  done === null
    ? `☐ ${index + 1}. ${what}`
    : `☑ ${index + 1}. ${what} (${done.by}, ${toIso(done.atMs).slice(0, 16)}Z)`;

async function tickTyped(call: IncidentCall, typed: string): Promise<VerbReply> {
  const { incident } = call;
  const [whole = '', number = '', undo] = ticking.exec(typed) ?? [];
  const named = typed.slice(0, typed.length - whole.length).trim();
  const checklist = checklistNamed(incident, named);
  return checklist === null
    ? refused(whichChecklist(incident, named), incident)
    : tick(call, checklist, { step: Number(number) - 1, isDone: undo === undefined });
}

/** By the id of its runbook or the beginning of it; the only one where none is named. */
function checklistNamed({ checklists }: Incident, named: string): Checklist | null {
  const wanted = named.toLowerCase();
  const exact = checklists.find(({ runbookId }) => runbookId === wanted);
  const [only, ...others] = checklists.filter(({ runbookId }) => runbookId.startsWith(wanted));
  return exact ?? (others.length > 0 ? null : (only ?? null));
}

function whichChecklist({ id, checklists }: Incident, named: string): string {
  const ids = checklists.map(({ runbookId }) => runbookId);
  const there = ids.length === 0 ? 'It has none.' : `It has: ${ids.join(', ')}.`;
  const said = named === '' ? 'Say which checklist' : `${quoted(named)} is no checklist`;
  return `${said} of ${id}. ${there}`;
}

async function submit(call: IncidentCall, fields: Fields): Promise<VerbReply> {
  const chosen = fields['step'] ?? '';
  return ticking.test(chosen)
    ? tickTyped(call, chosen)
    : { kind: 'invalid', errors: { step: 'Choose the step that is done.' } };
}

function tick(
  call: IncidentCall,
  { runbookId, title }: Checklist,
  { step, isDone }: { readonly step: number; readonly isDone: boolean },
): Promise<VerbReply> {
  const { by, incident } = call;
  return carryOut(
    call,
    { kind: 'tick-step', runbookId, step, isDone, by },
    () =>
      `Step ${step + 1} of ${title} (${incident.id}) is ${isDone ? 'done' : 'not done after all'}.`,
  );
}
