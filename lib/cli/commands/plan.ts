import { recordOf, textOf } from '../../codec/fields.ts';
import { actionVerbs, type ActionVerb } from '../../domain/action/verb.ts';
import { parametersOf } from '../../domain/policy/target-verbs.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import { nearest } from '../../codec/policy/suggest.ts';
import { approvalLine, planBlock } from '../action-text.ts';
import { readAnswer, shown } from '../answer.ts';
import { apiOptions, openApi, type Api, type FindAwsCredentials } from '../api.ts';
import type { Command, CommandHost, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { actionPathOf } from '../find-action.ts';
import { findIncidentId, pathOf } from '../find-incident.ts';
import { incidentOfTarget } from '../incident-of-target.ts';
import { neededReason, reasonOption } from '../reason.ts';

/** `tocsin plan`: asks for an action and shows its plan. Nothing is done before it is approved. */
export const planCommand = (find: FindAwsCredentials): Command => ({
  name: 'plan',
  summary: 'Ask for an action on a target, and show its plan',
  positionals: ['<verb>', '<target>'],
  more: { name: '[key=value...]', max: 4 },
  options: [
    {
      name: 'incident',
      short: 'i',
      value: 'ID',
      summary: 'the incident (the only open one of the target’s service)',
    },
    reasonOption,
    ...apiOptions,
  ],
  details: [
    `Verbs: ${actionVerbs.slice(0, 5).join(', ')}, and by the kind of the target\n${actionVerbs.slice(5).join(', ')}.`,
    [
      'Nothing is done before others have approved the plan. Waits up to 20 s for the',
      'plan; exits with 4 when there can be none, with the reason.',
    ].join('\n'),
  ],
  examples: [
    { line: 'npx tocsin plan rollback checkout -m "errors since 2.4"', summary: 'one back' },
    { line: 'npx tocsin plan scale checkout replicas=8 -m "queue lag"', summary: 'more of it' },
    { line: 'npx tocsin plan shift web to=90/10 -i 7k3qa -m "canary"', summary: 'its weights' },
  ],
  run: (invocation) => plan(invocation, find),
});

async function plan(invocation: Invocation, find: FindAwsCredentials): Promise<ExitCode> {
  const { positionals, text, isSet, host } = invocation;
  const [word = '', target = '', ...rest] = positionals;
  const verb = readVerb(word);
  const body = {
    verb,
    target,
    parameters: readParameters(verb, rest),
    reason: neededReason(invocation),
  };
  const api = openApi(invocation, find);
  const named = text('incident');
  const incident =
    named === undefined ? await incidentOfTarget(api, target) : await findIncidentId(api, named);
  const asked = await api({ method: 'POST', path: `${pathOf(incident)}/actions`, body });
  const id = textOf(recordOf(readAnswer(asked), 'action'), 'id');
  const answer = await planOf(api, id, host);
  const action = recordOf(readAnswer(answer), 'action');
  if (isSet('json')) host.out.write(answer);
  else host.out.write(told(action, invocation));
  return exitCodeOf(action);
}

function readVerb(word: string): ActionVerb {
  const verb = actionVerbs.find((known) => known === word.toLowerCase());
  if (verb !== undefined) return verb;
  const near = nearest(word, actionVerbs);
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  throw new Failure(
    EXIT.usage,
    `${JSON.stringify(word)} is no verb.${hint} There are ${actionVerbs.join(', ')}.`,
  );
}

const readParameters = (verb: ActionVerb, words: readonly string[]): Record<string, string> =>
  Object.fromEntries(words.map((word, index) => readParameter(verb, word, index)));

/** `key=value`, or a value alone for the verb's first parameter: `scale checkout 8`. */
function readParameter(verb: ActionVerb, word: string, index: number): readonly [string, string] {
  const names = parametersOf(verb);
  const named = /^([a-z]+)=(.+)$/i.exec(word);
  const name = named === null ? (index === 0 ? names[0] : undefined) : named[1];
  if (name !== undefined && names.includes(name)) return [name, named?.[2] ?? word];
  const allowed = names.length === 0 ? 'none' : names.map((known) => `${known}=...`).join(', ');
  throw new Failure(
    EXIT.usage,
    `${verb} has no use for ${JSON.stringify(word)}. Its parameters: ${allowed}.`,
  );
}

const waitMs = 20_000;
const everyMs = 500;

/** The action once it is planned, or as it stands when the time is over. */
async function planOf(api: Api, id: string, { nowMs, sleep }: CommandHost): Promise<string> {
  const endMs = nowMs() + waitMs;
  for (;;) {
    const answer = await api({ method: 'GET', path: actionPathOf(id) });
    const isPlanned = textOf(recordOf(readAnswer(answer), 'action'), 'state') !== 'planning';
    if (isPlanned || nowMs() >= endMs) return answer;
    await sleep(everyMs);
  }
}

function told(action: JsonObject, { host }: Invocation): string {
  const reader = { paint: host.out.paint, nowMs: host.nowMs() };
  const id = shown(action, 'id');
  const name = host.out.paint.bold(id);
  switch (textOf(action, 'state')) {
    case 'planning':
      return `${name} is not planned yet; look again with \`npx tocsin actions ${id}\`.\n`;
    case 'proposed':
      return (
        `${planBlock(action, reader)}  ${approvalLine(action, reader)}\n\n` +
        `Somebody else approves: ${host.out.paint.bold(`npx tocsin approve ${id}`)}\n`
      );
    case 'refused':
      return `${name} was refused: ${shown(action, 'outcome')}\n`;
    default:
      return `${planBlock(action, reader)}\n${name} is ${shown(action, 'state')}. ${shown(action, 'outcome')}\n`;
  }
}

/** An open action with a plan is what was wanted. */
function exitCodeOf(action: JsonObject): ExitCode {
  if (textOf(action, 'state') === 'planning') return EXIT.failed;
  return textOf(action, 'endedAt') === '' ? EXIT.ok : EXIT.refused;
}
